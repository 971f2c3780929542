import { modeOf } from '../config/mode.ts';
import type { Sources } from '../config/sources.ts';
import type { SourceInfo } from './types.ts';

/** The sources of the configuration, in its order. */
export function listSources(sources: Sources): readonly SourceInfo[] {
  return sources.all.map((source) => ({
    source: source.name,
    provider: source.config.provider,
    path: `/webhooks/${source.name}`,
    handler: source.config.handler ?? null,
    mode: modeOf(source),
  }));
}
