/** Links of the documentation lead somewhere: files and headings are there. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from '@jest/globals';

const root = join(import.meta.dirname, '../../..');
const pages = [
  'README.md',
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name)),
];

/** Code is no text: what looks like a link or a heading in it is none. */
function textOf(page: string): string {
  return readFileSync(join(root, page), 'utf8').replace(/^ *```.*?^ *```/gms, '');
}

/** Targets of links and images that lead to this repository. */
function relativeLinks(text: string): string[] {
  return [...text.replace(/(?<!\[)`[^`\n]+`(?!\])/g, '').matchAll(/\]\(([^()\s]+)\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^[a-z]+:/.test(target));
}

/**
 * The anchors that GitHub gives to headings: lower case, without punctuation, hyphens for spaces, numbered when they
 * repeat (https://docs.github.com/en/get-started/writing-on-github/getting-started-with-writing-and-formatting-on-github/basic-writing-and-formatting-syntax#section-links).
 */
function anchorsOf(text: string): Set<string> {
  const anchors = new Set<string>();
  for (const [, heading = ''] of text.matchAll(/^#{1,6} +(.+?) *$/gm)) {
    const slug = heading
      .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\p{M} _-]/gu, '')
      .replaceAll(' ', '-');
    let anchor = slug;
    for (let n = 1; anchors.has(anchor); n++) anchor = `${slug}-${n}`;
    anchors.add(anchor);
  }
  return anchors;
}

/** Links of a page that lead nowhere. */
function brokenLinks(page: string, text: string): string[] {
  return relativeLinks(text).filter((target) => {
    const [path = '', anchor] = target.split('#');
    const file = path === '' ? page : join(dirname(page), path);
    if (!existsSync(join(root, file))) return true;
    return anchor !== undefined && !anchorsOf(path === '' ? text : textOf(file)).has(anchor);
  });
}

test('the pages and their links are found', () => {
  expect(pages).toContain('docs/decisions/0010-functions.md');
  expect(relativeLinks(textOf('docs/decisions/README.md')).length).toBeGreaterThan(15);
});

test('a link to a file or a heading that is not there is noticed', () => {
  const text = [
    '# One heading: `code`, and [a link](runbook.md)',
    '[file](runbook.md), [`gone.ts`](gone.ts), ![image](images/gone.png), [other](https://example.com/gone.md)',
    '[heading](#one-heading-code-and-a-link), [no heading](#two), [there](runbook.md#alarms)',
    '[not there](runbook.md#alarm), `[code](gone.md)`',
  ].join('\n');
  expect(brokenLinks('docs/scaling.md', text)).toEqual([
    'gone.ts',
    'images/gone.png',
    '#two',
    'runbook.md#alarm',
  ]);
});

test.each(pages)('%s: every relative link leads to a file and a heading', (page) => {
  expect(brokenLinks(page, textOf(page))).toEqual([]);
});

test('the list of decisions names every one', () => {
  const files = readdirSync(join(root, 'docs/decisions')).filter((name) => name !== 'README.md');
  expect(relativeLinks(textOf('docs/decisions/README.md')).sort()).toEqual(files.sort());
});
