/** Bearer tokens: signed JWTs whose keys are fetched by `kid` from the issuer, or configured. */
import { createPrivateKey, sign } from 'node:crypto';
import { JwtRsaVerifier } from 'aws-jwt-verify';
import {
  FetchError,
  JwtInvalidClaimError,
  JwtParseError,
  WaitPeriodNotYetEndedJwkError,
} from 'aws-jwt-verify/error';
import { SimpleFetcher } from 'aws-jwt-verify/https';
import { type Jwks, SimpleJwksCache } from 'aws-jwt-verify/jwk';
import type { ProviderOptions } from '../providers/provider.ts';
import type { CustomScheme, SigningContext, Verdict, VerificationContext } from './scheme.ts';

type Claims = Readonly<Record<string, unknown>>;

/** What a provider's tokens must be. */
export interface TokenRules {
  readonly issuer: string;
  readonly audience: string;
  readonly jwksUri: string;
  /** False when the claims are not those of this source: the token is somebody else's. */
  readonly accepts: (claims: Claims) => boolean;
  /** Claims of a token for samples and tests, besides issuer, audience and times. */
  readonly sampleClaims: Claims;
}

/** Clocks differ: a token may say that it was issued this many seconds from now. */
const ISSUED_AHEAD_SECONDS = 60;

/** The key id of tokens that the command line signs for the local server. */
export const DEVELOPMENT_KEY_ID = 'inlet-development';

/**
 * `Authorization: Bearer <RS256 token>`. Keys come from `options.jwks`, else from the issuer; on a laptop the
 * key of `options.developmentJwks` counts as well.
 */
export function bearerToken(rulesOf: (options: ProviderOptions) => TokenRules): CustomScheme {
  const verifiers = new WeakMap<ProviderOptions, ReturnType<typeof createVerifier>>();
  return {
    kind: 'custom',
    withoutSecret: true,
    credentials: ['authorization'],
    async verify(context) {
      const rules = rulesOf(context.options);
      let verifier = verifiers.get(context.options);
      if (!verifier) {
        verifier = createVerifier(rules, context.options);
        verifiers.set(context.options, verifier);
      }
      return verifyToken(verifier, rules, context);
    },
    sign: (context) => signToken(rulesOf(context.options), context),
  };
}

interface TokenVerifier {
  readonly rsa: ReturnType<typeof createRsaVerifier>;
  readonly keys: KeySource;
}

/** Where keys come from. `reachable` tells an unknown key from an issuer that does not answer. */
interface KeySource {
  reachable: boolean;
  fetch(uri: string): Promise<ArrayBuffer>;
}

function createVerifier(rules: TokenRules, options: ProviderOptions): TokenVerifier {
  const inline = options.jwks as Jwks | undefined;
  const keys = inline ? configuredKeys(inline) : issuerKeys(options.developmentJwks as Jwks | undefined);
  return { rsa: createRsaVerifier(rules, keys, inline !== undefined), keys };
}

function createRsaVerifier({ issuer, audience, jwksUri }: TokenRules, fetcher: KeySource, inline: boolean) {
  return JwtRsaVerifier.create(
    // Times are checked against the clock that is passed in, which the library cannot take.
    { issuer, audience, jwksUri, graceSeconds: Number.MAX_SAFE_INTEGER },
    {
      // The pause between two look-ups of an unknown key protects the issuer; configured keys need none.
      jwksCache: new SimpleJwksCache({ fetcher, ...(inline && { penaltyBox: noPenalty }) }),
    },
  );
}

const noPenalty = {
  wait: async () => undefined,
  registerFailedAttempt: () => undefined,
  registerSuccessfulAttempt: () => undefined,
  release: () => undefined,
};

function toBytes(jwks: Jwks): ArrayBuffer {
  return new TextEncoder().encode(JSON.stringify(jwks)).slice().buffer;
}

function configuredKeys(jwks: Jwks): KeySource {
  return { reachable: true, fetch: async () => toBytes(jwks) };
}

function issuerKeys(development: Jwks | undefined): KeySource {
  const fetcher = new SimpleFetcher({ defaultRequestOptions: { responseTimeout: 2_000 } });
  return {
    reachable: true,
    async fetch(uri) {
      try {
        const fetched = await fetcher.fetch(uri);
        this.reachable = true;
        if (!development) return fetched;
        const { keys } = JSON.parse(Buffer.from(fetched).toString('utf8')) as Jwks;
        return toBytes({ keys: [...keys, ...development.keys] });
      } catch (error) {
        this.reachable = false;
        // A laptop without a network still knows its own key.
        if (development) return toBytes(development);
        throw error;
      }
    },
  };
}

async function verifyToken(
  { rsa, keys }: TokenVerifier,
  { accepts }: TokenRules,
  { request, now }: VerificationContext,
): Promise<Verdict> {
  const header = request.headers.authorization;
  if (!header) return { ok: false, reason: 'signature-missing', hint: 'authorization' };
  const token = /^Bearer +([\w-]+\.[\w-]+\.[\w-]+)$/i.exec(header)?.[1];
  if (!token) return { ok: false, reason: 'signature-malformed', hint: 'expected "Bearer <JWT>"' };
  let claims: Claims;
  try {
    claims = (await rsa.verify(token, {
      customJwtCheck: ({ header: { alg } }) => {
        if (alg !== 'RS256') throw new JwtParseError('only RS256 is accepted');
      },
    })) as Claims;
  } catch (error) {
    return refusal(error, keys.reachable);
  }
  return checkTimes(claims, now) ?? (accepts(claims) ? { ok: true } : { ok: false, reason: 'token-claims' });
}

function refusal(error: unknown, reachable: boolean): Verdict {
  if (error instanceof FetchError || (error instanceof WaitPeriodNotYetEndedJwkError && !reachable)) {
    return { ok: false, reason: 'key-unavailable', hint: 'the key set of the issuer cannot be fetched' };
  }
  if (error instanceof JwtParseError) return { ok: false, reason: 'signature-malformed' };
  const name = error instanceof Error ? error.constructor.name : '';
  return error instanceof JwtInvalidClaimError
    ? { ok: false, reason: 'token-claims', hint: name }
    : { ok: false, reason: 'signature-mismatch', hint: name };
}

function checkTimes({ exp, iat, nbf }: Claims, now: number): Verdict | undefined {
  const seconds = Math.floor(now / 1000);
  if (typeof exp !== 'number' || typeof iat !== 'number') return { ok: false, reason: 'timestamp-missing' };
  if (exp <= seconds) return { ok: false, reason: 'token-expired', hint: `${seconds - exp} s ago` };
  const begins = Math.max(iat, typeof nbf === 'number' ? nbf : iat);
  if (begins > seconds + ISSUED_AHEAD_SECONDS) {
    return { ok: false, reason: 'timestamp-future', hint: `issued ${begins - seconds} s ahead` };
  }
  return undefined;
}

/** Signs a token with a PKCS#8 PEM private key, itself in base64 on one line. */
function signToken({ issuer, audience, sampleClaims }: TokenRules, { secret, now }: SigningContext) {
  const seconds = Math.floor(now / 1000);
  const header = { alg: 'RS256', typ: 'JWT', kid: DEVELOPMENT_KEY_ID };
  const claims = { ...sampleClaims, iss: issuer, aud: audience, iat: seconds, exp: seconds + 3600 };
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const content = `${encode(header)}.${encode(claims)}`;
  const key = createPrivateKey(Buffer.from(secret, 'base64').toString('utf8'));
  const signature = sign('sha256', Buffer.from(content), key).toString('base64url');
  return { authorization: `Bearer ${content}.${signature}` };
}
