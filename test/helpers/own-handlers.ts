import { resolve } from 'node:path';

/** Where the handlers of this repository are, for a bundle. */
export const OWN_HANDLERS = { registry: resolve(import.meta.dirname, '../../handlers/index.ts') };
