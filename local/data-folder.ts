import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { StartError } from './start-error.ts';

/** Where the state of a local Inlet is kept. */
export interface DataFolder {
  /** Undefined in memory. */
  readonly path?: string;
  /** A file or folder in it; undefined in memory. */
  at(name: string): string | undefined;
  /** Lets another process have the folder. */
  release(): void;
}

/**
 * Opens a data folder for this process alone.
 * @param location of the folder, or `memory`.
 * @throws StartError when another process has it, or it cannot be written.
 */
export function openDataFolder(location: string): DataFolder {
  if (location === 'memory') return { at: () => undefined, release: () => {} };
  const path = resolve(location);
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    const lock = lockFile(join(path, 'lock'));
    return { path, at: (name) => join(path, name), release: () => lock.close() };
  } catch (error) {
    throw explain(error, path);
  }
}

/**
 * An SQLite transaction that is never ended serves as the lock, because the operating system drops it with the
 * process, also after `kill -9`; a file with a process id in it would stay behind.
 */
function lockFile(path: string): DatabaseSync {
  const database = new DatabaseSync(path);
  try {
    database.exec('BEGIN EXCLUSIVE');
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

function explain(error: unknown, path: string): StartError {
  const reason = error instanceof Error ? error.message : String(error);
  const message = reason.includes('database is locked')
    ? `The data folder ${path} is in use by another Inlet. Stop that one, or set INLET_DATA to another folder or to memory.`
    : `The data folder ${path} cannot be used: ${reason}. Set INLET_DATA to a folder that can be written, or to memory.`;
  return new StartError(message, { cause: error });
}
