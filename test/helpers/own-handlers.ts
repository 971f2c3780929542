import { resolve } from 'node:path';

/** Where the handlers of the tests are, for a bundle. */
export const OWN_HANDLERS = { registry: resolve(import.meta.dirname, '../fixtures/handlers/index.ts') };
