/** Verifies signed JWTs, whose keys are fetched by `kid` from the issuer, or configured. */
import {
  FetchError,
  JwksValidationError,
  JwkValidationError,
  JwtBaseError,
  JwtInvalidClaimError,
  JwtParseError,
  KidNotFoundInJwksError,
  WaitPeriodNotYetEndedJwkError,
} from 'aws-jwt-verify/error';
import { type Jwks, SimpleJwksCache } from 'aws-jwt-verify/jwk';
import { JwtVerifier } from 'aws-jwt-verify/jwt-verifier';
import type { ProviderOptions } from '../pack/request.ts';
import type { Verdict, VerificationContext } from '../pack/scheme.ts';
import { isCanonicalBase64url } from './compare.ts';
import { type Claims, checkTimes, isHashOf, type RulesOf, type TokenRules } from './token.ts';
import { configuredKeys, issuerKeys, type KeySource, noPenalty, renewing } from './token-keys.ts';

/** By pack and source: a pack may make its scheme anew for each request, and the keys have to stay. */
const verifiers = new WeakMap<RulesOf, WeakMap<ProviderOptions, TokenVerifier>>();

function verifierOf(rulesOf: RulesOf, rules: TokenRules, options: ProviderOptions): TokenVerifier {
  const ofPack = verifiers.get(rulesOf) ?? new WeakMap<ProviderOptions, TokenVerifier>();
  verifiers.set(rulesOf, ofPack);
  const verifier = ofPack.get(options) ?? createVerifier(rules, options);
  ofPack.set(options, verifier);
  return verifier;
}

interface TokenVerifier {
  readonly rsa: ReturnType<typeof createRsaVerifier>;
  readonly keys: KeySource;
  /** Forgets keys that the issuer has withdrawn. `now` in epoch milliseconds. */
  readonly renew: (now: number) => Promise<void>;
}

function createVerifier(rules: TokenRules, options: ProviderOptions): TokenVerifier {
  const inline = options.jwks as Jwks | undefined;
  const keys = inline ? configuredKeys(inline) : issuerKeys(options.developmentJwks as Jwks | undefined);
  // The pause between two look-ups of an unknown key protects the issuer; configured keys need none.
  const jwksCache = new SimpleJwksCache({ fetcher: keys, ...(inline && { penaltyBox: noPenalty }) });
  const rsa = createRsaVerifier(rules, jwksCache);
  const renew = inline
    ? async () => {}
    : // By the verifier, which has made keys of the old set.
      renewing(async () => rsa.cacheJwks(await jwksCache.getJwks(rules.jwksUri)));
  return { rsa, keys, renew };
}

function createRsaVerifier({ issuer, audience, jwksUri }: TokenRules, jwksCache: SimpleJwksCache) {
  return JwtVerifier.create(
    // Times are checked against the clock that is passed in, which the library cannot take.
    { issuer, audience: [audience].flat(), jwksUri, graceSeconds: Number.MAX_SAFE_INTEGER },
    { jwksCache },
  );
}

/** What a request's token proves, by the rules of its source. */
export async function verifyToken(rulesOf: RulesOf, context: VerificationContext): Promise<Verdict> {
  const { request, now, options } = context;
  const rules = rulesOf(options);
  const { rsa, keys, renew } = verifierOf(rulesOf, rules, options);
  const { accepts, algorithms = ['RS256'], header: name = 'authorization', bodyClaim } = rules;
  const header = request.headers[name];
  if (!header) return { ok: false, reason: 'signature-missing', hint: name };
  const token = (name === 'authorization' ? BEARER : PLAIN).exec(header)?.[1];
  // The last character of base64 has bits that decoding drops: a token that differs in them is not what was sent.
  if (!token?.split('.').every(isCanonicalBase64url)) {
    return { ok: false, reason: 'signature-malformed', hint: 'expected "Bearer <JWT>"' };
  }
  await renew(now);
  let claims: Claims;
  try {
    claims = (await rsa.verify(token, {
      customJwtCheck: ({ header: { alg, ...others } }) => {
        if (!algorithms.some((accepted) => accepted === alg))
          throw new JwtParseError('the algorithm is not one that is accepted');
        // What it names has to be understood, and no extension is (RFC 7515, section 4.1.11).
        if ('crit' in others) throw new JwtParseError('the token relies on extensions');
      },
    })) as Claims;
  } catch (error) {
    return refusal(error, keys.reachable);
  }
  const late = checkTimes(claims, now);
  if (late) return late;
  if (bodyClaim !== undefined && !isHashOf(claims[bodyClaim], request.body)) {
    return {
      ok: false,
      reason: 'signature-mismatch',
      hint: `the claim ${bodyClaim} is not the hash of the body`,
    };
  }
  return accepts(claims) ? { ok: true } : { ok: false, reason: 'token-claims' };
}

const BEARER = /^Bearer +([\w-]+\.[\w-]+\.[\w-]+)$/i;
/** A header of its own carries the token with or without the word. */
const PLAIN = /^(?:Bearer +)?([\w-]+\.[\w-]+\.[\w-]+)$/i;

function refusal(error: unknown, reachable: boolean): Verdict {
  // The pause after an unknown key is for all tokens: this one may bring a new key that nobody has looked for.
  const notAsked = error instanceof FetchError || error instanceof WaitPeriodNotYetEndedJwkError;
  // A laptop without a network has its own key only: one that is not there may be the issuer's.
  if (notAsked || (error instanceof KidNotFoundInJwksError && !reachable)) {
    return { ok: false, reason: 'key-unavailable', hint: 'the key set of the issuer cannot be fetched' };
  }
  // Not the token's fault, nor is anything that the library has no name for: the provider shall come again.
  const unreadable = error instanceof JwksValidationError || error instanceof JwkValidationError;
  if (unreadable || !(error instanceof JwtBaseError)) {
    return { ok: false, reason: 'key-unavailable', hint: 'the key set of the issuer cannot be read' };
  }
  if (error instanceof JwtParseError) return { ok: false, reason: 'signature-malformed' };
  const { name } = error.constructor;
  return error instanceof JwtInvalidClaimError
    ? { ok: false, reason: 'token-claims', hint: name }
    : { ok: false, reason: 'signature-mismatch', hint: name };
}
