/** Commands of the documentation are ones that the command line knows, and ask the stage that an alarm is about. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { inlet } from '../cli/command.ts';

const read = (page: string) => readFileSync(join(import.meta.dirname, '../../..', page), 'utf8');
const alarms = sectionOf(read('docs/runbook.md'), 'Alarms');

/** Of a page what stands between a heading and the next of its rank. */
function sectionOf(page: string, heading: string): string {
  const [section = ''] = (page.split(`\n## ${heading}\n`)[1] ?? '').split(/^## /m);
  return section;
}

/** `inlet …` in code: lines of blocks without their comment, and spans, which may go over the end of a line. */
function commandsIn(page: string): string[] {
  const text = page.replaceAll('npm run -s inlet -- ', 'inlet ');
  const spans = text.replace(/^ *```.*?^ *```/gms, '').matchAll(/`(inlet [^`]+)`/g);
  const lines = [...text.matchAll(/^ *```.*?\n(.*?)^ *```/gms)].flatMap(([, block = '']) => [
    ...block.matchAll(/^ *(inlet [^#\n]+)/gm),
  ]);
  const commands = [...lines, ...spans].map(([, command = '']) => command.trim().replace(/\s+/g, ' '));
  return [...new Set(commands)];
}

interface Help {
  /** `inlet dead redrive`, as its usage line says. */
  readonly command: string;
  readonly isGroup: boolean;
  readonly options: ReadonlySet<string>;
}

const helps = new Map<string, Promise<Help>>();

/** What the command line itself says about the command. */
function helpOf(text: string): Promise<Help> {
  const [words = ''] = /^inlet(?: [a-z]+)*/.exec(text) ?? [];
  const known = helps.get(words) ?? askHelp(words);
  helps.set(words, known);
  return known;
}

async function askHelp(words: string): Promise<Help> {
  const { out } = await inlet([...words.split(' ').slice(1), '--help']);
  const [, command = '', rest = ''] = /^Usage: (inlet(?: [a-z]+)*)(.*)$/m.exec(out) ?? [];
  return {
    command,
    isGroup: rest.includes('[command]'),
    options: new Set([...out.matchAll(/^ {2}(?:-\w, )?(--[\w-]+)/gm)].map(([, option = '']) => option)),
  };
}

/** What is wrong with a command that a page tells its readers to run. */
async function problemsOf(text: string, needsStage: boolean): Promise<string[]> {
  const { command, isGroup, options } = await helpOf(text);
  if (isGroup || !`${text} `.startsWith(`${command} `)) return [`${text}: there is no such command`];
  const used = [...text.matchAll(/ (--[\w-]+)/g)].map(([, option = '']) => option);
  const unknown = used.filter((option) => !options.has(option));
  const isLocal = needsStage && options.has('--stage') && !used.includes('--stage');
  return [
    ...unknown.map((option) => `${text}: there is no ${option}`),
    ...(isLocal ? [`${text}: without --stage it asks the reader's own computer`] : []),
  ];
}

async function allProblems(commands: readonly string[], needsStage: boolean): Promise<string[]> {
  const problems: string[] = [];
  for (const command of commands) problems.push(...(await problemsOf(command, needsStage)));
  return problems;
}

describe('what is wrong is noticed:', () => {
  let nothingElse: string[];
  beforeAll(async () => {
    nothingElse = await allProblems(['inlet dead redrive <source>/<id> --stage <stage> --dry-run'], true);
  });

  test.each([
    ['a command that there is not', 'inlet deaf list --stage prod', 'no such command'],
    ['a command of a group that there is not', 'inlet dead drive --stage prod', 'no such command'],
    ['a group without its command', 'inlet dead --stage prod', 'no such command'],
    ['an option that there is not', 'inlet audit --stage prod --deep', 'no --deep'],
    ['a command without the stage', 'inlet events --source <source>', 'without --stage'],
  ])('%s', async (_, command, problem) => {
    expect(nothingElse).toEqual([]);
    expect(await allProblems([command], true)).toEqual([expect.stringContaining(problem)]);
  });

  test('commands are found in spans, over the end of a line, and in blocks', () => {
    const block = '  ```sh\n  npm run -s inlet -- tail  # --what comes\n  aws help\n  ```\n';
    const commands = commandsIn(`Try \`inlet audit\n--stage prod\`.\n\n${block}\`npm test\``);
    expect(commands).toEqual(['inlet tail', 'inlet audit --stage prod']);
  });
});

test('every command in the sections of the alarms is one that there is, and asks the stage', async () => {
  const commands = commandsIn(alarms);
  expect(commands.length).toBeGreaterThan(8);
  expect(await allProblems(commands, true)).toEqual([]);
}, 60_000);

test.each(['README.md', 'docs/operations.md', 'docs/audit.md', 'docs/tour.md', 'docs/add-a-provider.md'])(
  'every command in %s is one that there is',
  async (page) => {
    const commands = commandsIn(read(page));
    expect(commands).not.toEqual([]);
    expect(await allProblems(commands, false)).toEqual([]);
  },
  60_000,
);
