import type { SigningContext, Verification } from '../pack/scheme.ts';
import { stringifyJson } from '../parsing/json.ts';
import { writeTimestamp } from './freshness.ts';
import { readUnverifiedJson } from './unverified.ts';

/**
 * For samples of providers that sign a time inside the body: the body with the time at which it is sent.
 * @returns undefined when the time of the scheme stands elsewhere.
 */
export function withTimeInBody(
  scheme: Verification,
  { request, now }: SigningContext,
): { readonly body: Buffer } | undefined {
  const rule = 'timestamp' in scheme ? scheme.timestamp : undefined;
  if (!rule || !('body' in rule.from) || rule.from.body.includes('.')) return undefined;
  const fields = readUnverifiedJson(request.body);
  if (!fields) return undefined;
  const text = writeTimestamp(rule.unit, now);
  const time = rule.unit === 'rfc3339' ? text : Number(text);
  return { body: Buffer.from(stringifyJson({ ...fields, [rule.from.body]: time })) };
}
