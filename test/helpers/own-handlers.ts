import { resolve } from 'node:path';
import type { Loaded } from '../../config/load.ts';
import type { InletConfig } from '../../functions/config/config.ts';

/** Where the handlers of the tests are, for a bundle. */
export const OWN_HANDLERS = { registry: resolve(import.meta.dirname, '../fixtures/handlers/index.ts') };

/** A configuration as `loadInlet` would give it, with the handlers of the tests. */
export const loadedOf = (config: InletConfig): Loaded => ({ config, handlers: {}, modules: OWN_HANDLERS });
