/** What is checked of a token besides its signature, and how one is signed for samples and tests. */
import { createHash, createPrivateKey, sign } from 'node:crypto';
import type { ProviderOptions } from '../pack/request.ts';
import type { SigningContext, Verdict } from '../pack/scheme.ts';

export type Claims = Readonly<Record<string, unknown>>;

/** What a provider's tokens must be. */
export interface TokenRules {
  readonly issuer: string;
  /** One of several is enough. */
  readonly audience: string | readonly string[];
  readonly jwksUri: string;
  /** Signature algorithms that are accepted. Default: RS256. */
  readonly algorithms?: readonly string[];
  /** Header with the token, in lower case. Default: authorization. */
  readonly header?: string;
  /** A claim that has to be the SHA-256 of the body, in hex or base64. Without one the body is not proven. */
  readonly bodyClaim?: string;
  /** False when the claims are not those of this source: the token is somebody else's. */
  readonly accepts: (claims: Claims) => boolean;
  /** Claims of a token for samples and tests, besides issuer, audience and times. */
  readonly sampleClaims: Claims;
}

/** The rules of a source, by its options. */
export type RulesOf = (options: ProviderOptions) => TokenRules;

/** Clocks differ: a token may say that it was issued this many seconds from now. */
const ISSUED_AHEAD_SECONDS = 60;

/** Times against the clock that is passed in. */
export function checkTimes({ exp, iat, nbf }: Claims, now: number): Verdict | undefined {
  const seconds = Math.floor(now / 1000);
  if (typeof exp !== 'number' || typeof iat !== 'number') return { ok: false, reason: 'timestamp-missing' };
  if (exp <= seconds) return { ok: false, reason: 'token-expired', hint: `${seconds - exp} s ago` };
  const begins = Math.max(iat, typeof nbf === 'number' ? nbf : iat);
  if (begins > seconds + ISSUED_AHEAD_SECONDS) {
    return { ok: false, reason: 'timestamp-future', hint: `issued ${begins - seconds} s ahead` };
  }
  return undefined;
}

/** Whether a claim is the SHA-256 of the body. */
export function isHashOf(claim: unknown, body: Buffer): boolean {
  const digest = createHash('sha256').update(body).digest();
  return claim === digest.toString('hex') || claim === digest.toString('base64');
}

/** The key id of tokens that the command line signs for the local server. */
export const DEVELOPMENT_KEY_ID = 'inlet-development';

/** Signs a token with a PKCS#8 PEM private key, itself in base64 on one line. */
export function signToken(rules: TokenRules, { secret, now, request }: SigningContext) {
  const { issuer, audience, sampleClaims, bodyClaim, header: name = 'authorization' } = rules;
  const seconds = Math.floor(now / 1000);
  const hash = bodyClaim && { [bodyClaim]: createHash('sha256').update(request.body).digest('hex') };
  const header = { alg: 'RS256', typ: 'JWT', kid: DEVELOPMENT_KEY_ID };
  const times = { iat: seconds, exp: seconds + 3600 };
  const claims = { ...sampleClaims, ...hash, iss: issuer, aud: [audience].flat()[0], ...times };
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const content = `${encode(header)}.${encode(claims)}`;
  const key = createPrivateKey(Buffer.from(secret, 'base64').toString('utf8'));
  const signature = sign('sha256', Buffer.from(content), key).toString('base64url');
  return { [name]: `Bearer ${content}.${signature}` };
}
