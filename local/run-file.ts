import { lstatSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';

/** What the command line must know of a running local Inlet. */
export interface RunFile {
  readonly url: string;
  /** Bearer token of the read API. */
  readonly token: string;
  readonly pid: number;
  /** Secrets that the local mode made up, by source. Never one from INLET_SECRETS. */
  readonly developmentSecrets: Readonly<Record<string, string>>;
}

/** Which local Inlet is meant. `data` is what INLET_DATA says: a folder or `memory`. */
export interface RunFileKey {
  readonly port?: number;
  readonly data?: string;
  /** Default: the system's folder for temporary files. */
  readonly temporary?: string;
}

/** A server has both. */
export type RunFilePlace = RunFileKey & Required<Pick<RunFileKey, 'port' | 'data'>>;

/** Writes the file into the data folder and, to be found by port, below the folder for temporary files. */
export function writeRunFile(key: RunFilePlace, run: RunFile): void {
  for (const path of paths(key)) {
    rmSync(path, { force: true });
    writeFileSync(path, JSON.stringify(run), { mode: 0o600, flag: 'wx' });
  }
}

/**
 * The running local Inlet: the one at the port, else the one with the data folder.
 * @returns undefined when there is none (any more).
 */
export function readRunFile(key: RunFileKey): RunFile | undefined {
  for (const path of paths(key)) {
    const run = read(path);
    if (run && isAlive(run.pid)) return run;
  }
  return undefined;
}

/** Removes both files. */
export function removeRunFile(key: RunFilePlace): void {
  for (const path of paths(key)) rmSync(path, { force: true });
}

function paths({ port, data, temporary = tmpdir() }: RunFileKey): string[] {
  const found: string[] = [];
  if (port !== undefined) found.push(join(privateFolder(temporary), `run-${port}.json`));
  if (data !== undefined && data !== 'memory') found.push(join(data, 'run.json'));
  return found;
}

/**
 * The folder for temporary files is shared, so another user may have made a folder of that name first.
 * @throws Error when the folder is not this user's alone.
 */
function privateFolder(temporary: string): string {
  const { uid } = userInfo();
  const path = join(temporary, `inlet-${uid}`);
  mkdirSync(path, { recursive: true, mode: 0o700 });
  const found = lstatSync(path);
  // On Windows there are no owners (`uid` is -1); the folder for temporary files is the user's own there.
  if (!found.isDirectory() || (uid >= 0 && (found.uid !== uid || (found.mode & 0o077) !== 0)))
    throw new Error(`The folder ${path} is not yours alone. Remove it, or point TMPDIR elsewhere.`);
  return path;
}

function read(path: string): RunFile | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as RunFile;
  } catch {
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
