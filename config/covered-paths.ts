import { parsePath } from '../functions/pack/fields.ts';
import type { Provider } from '../functions/pack/provider.ts';
import type { ProviderOptions } from '../functions/pack/request.ts';
import type { Coverage } from '../functions/pack/scheme.ts';
import { schemeOf } from '../functions/pack/scheme-of.ts';
import { coverageOf } from '../functions/verification/coverage.ts';

/** What a source may not read from what nobody signed: it orders events. */
const ORDERING = ['subject', 'revision'] as const;

/** Configured paths, by key, to what the proof of a source does not cover. `delivery` and `type` are the operator's own word. */
export function uncoveredPaths(
  source: Readonly<Record<string, unknown>>,
  pack: Provider,
  options: ProviderOptions,
): readonly (readonly [key: string, path: string])[] {
  const coverage = coverageOf(schemeOf(pack, options));
  return ORDERING.flatMap((key) => {
    const path = source[key];
    return typeof path === 'string' && !isCovered(coverage, path) ? [[key, path] as const] : [];
  });
}

function isCovered({ headers, namedHeaders, body }: Coverage, path: string): boolean {
  const { root, segments } = parsePath(path);
  if (root === 'header') {
    // Which headers a request names as signed is known with the request: of one that it does not, nothing is read.
    return headers === 'all' || namedHeaders !== undefined || headers.includes(segments[0] ?? '');
  }
  const name = segments.join('.');
  return typeof body === 'string' || body.some((covered) => `${name}.`.startsWith(`${covered}.`));
}
