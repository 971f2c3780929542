import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { text } from 'node:stream/consumers';

const command = resolve(import.meta.dirname, '../../../cli/inlet.ts');
/** A deployment of the tests' own: what a user has in `inlet.config.ts` and `handlers` must not matter. */
const deployment = resolve(import.meta.dirname, '../../fixtures');

export interface Result {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs `inlet` as a user would, piped. Nothing of the test's own environment gets in but where things lie. */
export async function inlet(
  words: readonly string[],
  {
    input = '',
    env = {},
    interrupt,
  }: {
    input?: string | Buffer;
    env?: Record<string, string>;
    /** Sends Ctrl-C after so many milliseconds. */
    interrupt?: number;
  } = {},
): Promise<Result> {
  const child = spawn(process.execPath, [command, ...words], {
    cwd: deployment,
    env: { ...passedOn(), INLET_DATA: 'memory', ...env },
  });
  const ended = new Promise<number | null>((done) => child.on('close', done));
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  if (interrupt !== undefined) setTimeout(() => child.kill('SIGINT'), interrupt);
  const [out, err, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { code, out, err };
}

function passedOn(): Record<string, string | undefined> {
  const { PATH, TMPDIR, NODE_COMPILE_CACHE } = process.env;
  return { PATH, TMPDIR, NODE_COMPILE_CACHE };
}

/** The JSON lines of an output. */
export function jsonLines<T>({ out }: Result): T[] {
  return out
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as T);
}
