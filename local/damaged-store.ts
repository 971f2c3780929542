import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { StartError } from './start-error.ts';

/**
 * What to do about a store that cannot be read. Its owner says whether it may go, because there is no other copy of the
 * events in it; and the whole data folder goes, because the ledger and the queues in it know of each other.
 * @param store the folder of the store, in the data folder.
 */
export function damagedStore(store: string, error: unknown): StartError {
  const { message, cause } = error instanceof Error ? error : new Error(String(error));
  const reason = cause instanceof Error ? cause.message : message;
  return new StartError(
    `The store ${store} cannot be read: ${reason}. Move the data folder ${dirname(store)} away or delete it, and start again with an empty one, or set INLET_DATA to another; nothing is deleted by itself.`,
    { cause: error },
  );
}

interface LevelDB {
  open(): Promise<void>;
  close(): Promise<void>;
}

/** The library that dynalite keeps its tables with, and in the same version. */
function openLevelDB(folder: string): LevelDB {
  const dynalite = createRequire(import.meta.url).resolve('dynalite');
  const { Level } = createRequire(dynalite)('level') as { Level: new (folder: string) => LevelDB };
  return new Level(folder);
}

/**
 * Opens and closes the store of dynalite, which itself would only fail at the first request, and end the process.
 * @throws StartError
 */
export async function checkLevelDB(folder: string): Promise<void> {
  const store = openLevelDB(folder);
  try {
    await store.open();
    await store.close();
  } catch (error) {
    throw damagedStore(folder, error);
  }
}

/** Whether dynalite found its store damaged while it worked. It throws that past every caller. */
export function isLevelDBError(error: unknown): boolean {
  return error instanceof Error && /^LEVEL_/.test(String((error as NodeJS.ErrnoException).code));
}
