import type { ApiParts } from './parts.ts';

/**
 * What to say of a name that is no source of the configuration; undefined when it is one. Only for where nothing was
 * found: a source that was removed from the configuration may still have events, and they stay readable.
 */
export function unknownSource({ config }: Pick<ApiParts, 'config'>, source: string): string | undefined {
  if (Object.hasOwn(config.sources, source)) return undefined;
  return `there is no source "${source}"; the sources are ${Object.keys(config.sources).join(', ')}`;
}
