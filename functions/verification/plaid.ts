/** Plaid: a JWT (ES256) that carries the hash of the body (https://plaid.com/docs/api/webhooks/webhook-verification/). */

import { createHash, type KeyObject } from 'node:crypto';
import { isObject } from '../core/is-object.ts';
import type { ProviderOptions } from '../pack/request.ts';
import type { CustomScheme, TimestampRule } from '../pack/scheme.ts';
import { ecPublicKeyFromJwk, holds } from './asymmetric.ts';
import { equalText } from './compare.ts';
import { BODY_ONLY } from './coverage.ts';
import { checkFreshness } from './freshness.ts';
import { textAt, type UnverifiedFields } from './unverified.ts';

const HEADER = 'plaid-verification';
const MAX_TOKEN_LENGTH = 4_096;
const MAX_KEYS = 64;

const window: TimestampRule = {
  from: { header: HEADER },
  unit: 'seconds',
  toleranceSeconds: 300,
};

/**
 * Plaid gives its keys only to who logs in with the client's own credentials, so they are configured, never
 * fetched: `options.jwks`.
 */
export const plaidToken: CustomScheme = {
  kind: 'custom',
  covers: { ...BODY_ONLY, headers: [HEADER] },
  proof: 'JWT (ES256) with the hash of the body',
  withoutSecret: true,
  credentials: [HEADER],
  verify({ request, options, now }) {
    const token = request.headers[HEADER];
    if (!token) return { ok: false, reason: 'signature-missing', hint: HEADER };
    const parts = token.length <= MAX_TOKEN_LENGTH ? /^([\w-]+)\.([\w-]+)\.([\w-]+)$/.exec(token) : null;
    const header = decodePart(parts?.[1]);
    const claims = decodePart(parts?.[2]);
    const signature = Buffer.from(parts?.[3] ?? '', 'base64url');
    // The algorithm is ours to choose, never the token's.
    if (
      !parts ||
      !header ||
      !claims ||
      header.alg !== 'ES256' ||
      // Extensions that have to be understood (RFC 7515, section 4.1.11): none is.
      Object.hasOwn(header, 'crit') ||
      signature.toString('base64url') !== parts[3]
    ) {
      return { ok: false, reason: 'signature-malformed', hint: 'expected a JWT signed with ES256' };
    }
    const key = keyOf(options, textAt(header, 'kid'), now);
    if (!key)
      return {
        ok: false,
        reason: 'signature-mismatch',
        hint: 'its key (kid) is not in options.jwks, or has expired',
      };
    const content = [`${parts[1]}.${parts[2]}`];
    if (!holds('sha256', content, key, signature, 'ieee-p1363'))
      return { ok: false, reason: 'signature-mismatch' };

    const hash = textAt(claims, 'request_body_sha256') ?? '';
    if (!equalText(hash, createHash('sha256').update(request.body).digest('hex'))) {
      return { ok: false, reason: 'token-claims', hint: 'the token is for another body' };
    }
    if (typeof claims.iat !== 'number') return { ok: false, reason: 'timestamp-missing', hint: 'iat' };
    const stale = checkFreshness(String(claims.iat), window, options, now);
    return stale ? { ok: false, ...stale } : { ok: true, proofId: `${hash.slice(0, 40)}:${claims.iat}` };
  },
};

function decodePart(part: string | undefined): UnverifiedFields | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part ?? '', 'base64url').toString('utf8'));
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function jwksOf(options: ProviderOptions): readonly UnverifiedFields[] {
  const keys = isObject(options.jwks) ? options.jwks.keys : undefined;
  return Array.isArray(keys) ? keys.filter(isObject).slice(0, MAX_KEYS) : [];
}

/** Plaid marks a key that it has replaced by `expired_at`, in epoch seconds. */
function keyOf(options: ProviderOptions, kid: string | undefined, now: number): KeyObject | undefined {
  const jwk = jwksOf(options).find((candidate) => kid !== undefined && textAt(candidate, 'kid') === kid);
  const expired = typeof jwk?.expired_at === 'number' && jwk.expired_at * 1000 <= now;
  return jwk && !expired ? ecPublicKeyFromJwk(jwk) : undefined;
}
