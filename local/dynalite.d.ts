/** dynalite ships no types. Only what `dynamodb.ts` uses is declared. */
declare module 'dynalite' {
  import type { Server } from 'node:http';

  export interface DynaliteOptions {
    /** Folder of the LevelDB store. Default: in memory. */
    readonly path?: string;
    /** Milliseconds that a table stays in its CREATING, UPDATING, DELETING state. Default 500 each. */
    readonly createTableMs?: number;
    readonly updateTableMs?: number;
    readonly deleteTableMs?: number;
  }

  /** An HTTP server that is not listening yet. Its `close` also closes the store. */
  export default function dynalite(options?: DynaliteOptions): Server;
}
