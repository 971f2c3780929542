/** Bearer tokens: signed JWTs. */
import type { CustomScheme } from '../pack/scheme.ts';
import { EVERYTHING } from './coverage.ts';
import { type RulesOf, signToken } from './token.ts';

export { DEVELOPMENT_KEY_ID, type TokenRules } from './token.ts';

/**
 * `Authorization: Bearer <token>`. Keys come from `options.jwks`, else from the issuer; on a laptop the
 * key of `options.developmentJwks` counts as well.
 */
export function bearerToken(
  rulesOf: RulesOf,
  credentials: readonly string[] = ['authorization'],
): CustomScheme {
  return {
    kind: 'custom',
    covers: EVERYTHING,
    proof: 'signed token (JWT) of the issuer',
    withoutSecret: true,
    credentials,
    async verify(context) {
      // Loaded on first use: a cold start for another source, and the worker, do without a library for tokens.
      const { verifyToken } = await import('./token-verifier.ts');
      return verifyToken(rulesOf, context);
    },
    sign: (context) => signToken(rulesOf(context.options), context),
  };
}
