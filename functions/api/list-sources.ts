import type { InletConfig } from '../shared/config.ts';
import type { SourceInfo } from './types.ts';

/** The sources of the configuration, in its order. */
export function listSources(config: InletConfig): readonly SourceInfo[] {
  return Object.entries(config.sources).map(([source, { provider, handler, mode }]) => ({
    source,
    provider,
    path: `/webhooks/${source}`,
    handler: handler ?? null,
    mode: mode ?? 'latest',
  }));
}
