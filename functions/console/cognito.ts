import { CognitoJwtVerifier } from 'aws-jwt-verify/cognito-verifier';
import { FetchError, JwtBaseError, WaitPeriodNotYetEndedJwkError } from 'aws-jwt-verify/error';
import { SimpleFetcher } from 'aws-jwt-verify/https';
import { type JwksCache, SimpleJwksCache } from 'aws-jwt-verify/jwk';
import { ApiError } from '../api/api-error.ts';
import type { Authorize } from '../api/token.ts';
import { SINGLE_USE } from '../aws/connections.ts';
import type { Login } from './page.ts';

/** Who is in this group may replay, redrive, reclaim and clear leases; everybody else of the user pool may look. */
export const OPERATORS = 'operators';

export interface CognitoOptions {
  readonly userPoolId: string;
  readonly clientId: string;
  /** Default: fetched from the user pool once for each instance of the function. */
  readonly keys?: JwksCache;
}

/**
 * Opens the API for access tokens of one client of a Cognito user pool. Signature, issuer, client, use and time are
 * checked; an id token opens nothing.
 */
export function cognitoAccess({
  userPoolId,
  clientId,
  keys = new SimpleJwksCache({ fetcher: new SimpleFetcher({ defaultRequestOptions: SINGLE_USE }) }),
}: CognitoOptions): Authorize {
  const verifier = CognitoJwtVerifier.create(
    { userPoolId, clientId, tokenUse: 'access' },
    { jwksCache: keys },
  );
  return async (bearer) => {
    if (bearer === undefined) return false;
    try {
      const { 'cognito:groups': groups } = await verifier.verify(bearer);
      return groups?.includes(OPERATORS) ? 'operate' : 'read';
    } catch (error) {
      if (isWrongToken(error)) return false;
      // The keys could not be had. Saying that the token is wrong would send people to log in, again and again.
      throw new ApiError(503, 'the login cannot be checked just now; try again', { 'retry-after': '2' });
    }
  };
}

/** How the page logs people in at the user pool. @param domain host of the pool's login page. */
export function cognitoLogin({ userPoolId, clientId }: CognitoOptions, domain: string): Login {
  const { issuer } = CognitoJwtVerifier.parseUserPoolId(userPoolId);
  return { kind: 'cognito', domain, clientId, issuer };
}

function isWrongToken(error: unknown): boolean {
  const isUnknown = error instanceof FetchError || error instanceof WaitPeriodNotYetEndedJwkError;
  return error instanceof JwtBaseError && !isUnknown;
}
