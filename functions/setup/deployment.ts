import type { InletConfig } from '../config/config.ts';
import type { Handlers } from '../core/handler.ts';
import type { Packs } from '../pack/provider.ts';

/**
 * What a deployment is made of. A bundle's entry, which is written at synth, gives it to the function: the configuration
 * as data, the packs that it names and no others, and to the worker its handlers.
 */
export interface Deployment {
  /** Checked when it was bundled. */
  readonly config: InletConfig;
  readonly packs: Packs;
  /** Default: none. Only the worker runs any. */
  readonly handlers?: Handlers;
}
