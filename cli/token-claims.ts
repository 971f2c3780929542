import { printable } from './output.ts';
import type { Row } from './verify-row.ts';

/** Which claims of a token differ from which option: a token is readable by anybody who holds it. */
const COMPARED: readonly (readonly [claim: string, option: string])[] = [
  ['iss', 'issuer'],
  ['aud', 'audience'],
  ['sub', 'apiKey'],
  ['cid', 'apiKey'],
];

/** What the token says beside what the options say, for the operator; empty when nothing can be compared. */
export function compareClaims({ request, options }: Row): string {
  const claims = decodeUnverified(request.headers.authorization);
  if (!claims) return '';
  const differences = COMPARED.flatMap(([claim, option]) => {
    const expected = options[option];
    const actual = claims[claim];
    if (expected === undefined || actual === expected) return [];
    return [`its ${claim} is ${quote(actual)}, the option ${option} is ${quote(expected)}`];
  });
  if (claims.uid !== undefined)
    differences.push('it has a uid, so it is the token of a person and not of your app');
  return differences.length > 0 ? `In the token: ${differences.join('; ')}.` : '';
}

function quote(value: unknown): string {
  return value === undefined ? 'missing' : printable(JSON.stringify(value));
}

function decodeUnverified(authorization: string | undefined): Readonly<Record<string, unknown>> | undefined {
  const payload = authorization?.split('.')[1];
  if (payload === undefined) return undefined;
  try {
    const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'));
    return typeof claims === 'object' && claims !== null ? (claims as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
