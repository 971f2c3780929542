/** Logging in at Cognito: authorization code with PKCE, so that a stolen code is worth nothing. */
import * as oauth from 'oauth4webapi';

export interface CognitoLogin {
  readonly kind: 'cognito';
  /** Host of the login page and of the token endpoint. */
  readonly domain: string;
  readonly clientId: string;
  /** Who makes the tokens, as they say. */
  readonly issuer: string;
}

const PENDING = 'inlet-login';

/** What has to be remembered while somebody is away at the login page. */
interface Pending {
  readonly state: string;
  readonly verifier: string;
  readonly nonce: string;
  /** Where to go on, path and query. */
  readonly back: string;
}

/** Leaves for the login page. */
export async function goToLogin({ domain, clientId }: CognitoLogin): Promise<void> {
  const pending: Pending = {
    state: oauth.generateRandomState(),
    verifier: oauth.generateRandomCodeVerifier(),
    nonce: oauth.generateRandomNonce(),
    back: location.pathname + location.search,
  };
  sessionStorage.setItem(PENDING, JSON.stringify(pending));
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: clientId,
    redirect_uri: redirectUri(),
    scope: 'openid',
    state: pending.state,
    nonce: pending.nonce,
    code_challenge_method: 'S256',
    code_challenge: await oauth.calculatePKCECodeChallenge(pending.verifier),
  });
  location.assign(`https://${domain}/oauth2/authorize?${query}`);
}

/**
 * Ends a login.
 * @param answer the query with which the login page sent back whoever was there.
 * @returns the access token; undefined when nobody here was logging in.
 * @throws Error that says what to do when the login failed.
 */
export async function endLogin(login: CognitoLogin, answer: URLSearchParams): Promise<string | undefined> {
  const stored = sessionStorage.getItem(PENDING);
  if (stored === null) return undefined;
  sessionStorage.removeItem(PENDING);
  const pending = JSON.parse(stored) as Pending;
  history.replaceState(null, '', pending.back);
  try {
    return await redeem(login, answer, pending);
  } catch (cause) {
    throw new Error('The login was not completed.', { cause });
  }
}

/** Changes the code for tokens. @throws Error for another state than was asked for: somebody else's login, slipped in. */
async function redeem({ domain, clientId, issuer }: CognitoLogin, answer: URLSearchParams, pending: Pending) {
  const server = { issuer, token_endpoint: `https://${domain}/oauth2/token` };
  const client = { client_id: clientId };
  const response = await oauth.authorizationCodeGrantRequest(
    server,
    client,
    oauth.None(),
    oauth.validateAuthResponse(server, client, answer, pending.state),
    redirectUri(),
    pending.verifier,
  );
  const options = { expectedNonce: pending.nonce };
  return (await oauth.processAuthorizationCodeResponse(server, client, response, options)).access_token;
}

function redirectUri(): string {
  return `${location.origin}/console`;
}
