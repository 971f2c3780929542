/**
 * Who is looking. The token lives in the session storage of this tab, and of tabs that the page opens, and nowhere
 * else: it came from the login, or on a laptop in the fragment of a link, and is taken out of the address bar at once, so
 * that no history, log or referrer keeps it.
 */
import { randomText, sha256Base64Url } from './random.ts';

export type Login =
  | { readonly kind: 'token' }
  | { readonly kind: 'cognito'; readonly domain: string; readonly clientId: string };

const TOKEN = 'inlet-token';
const PENDING = 'inlet-login';

/** What has to be remembered while somebody is away at the login page. */
interface Pending {
  readonly state: string;
  readonly verifier: string;
  /** Where to go on, path and query. */
  readonly back: string;
}

export const session = {
  get token(): string | undefined {
    return sessionStorage.getItem(TOKEN) ?? undefined;
  },
  set token(token: string | undefined) {
    if (token === undefined) sessionStorage.removeItem(TOKEN);
    else sessionStorage.setItem(TOKEN, token);
  },
};

/** The token of the link that opened the page, until it is known whether links may log in. */
let ofLink: string | undefined;

/** Takes a token out of `#token=…`, when the page was opened by such a link. */
export function takeTokenFromLink(): void {
  const token = new URLSearchParams(location.hash.slice(1)).get('token');
  if (token === null) return;
  ofLink = token;
  history.replaceState(null, '', location.pathname + location.search);
}

/**
 * Begins a session with the link's token, where that is the way in: on a laptop. Elsewhere it would be somebody else's
 * session, slipped in by whoever sent the link.
 */
export function beginSessionByLink({ kind }: Login): void {
  if (kind === 'token' && ofLink !== undefined) session.token = ofLink;
  ofLink = undefined;
}

export async function readLogin(): Promise<Login> {
  const response = await fetch('/console/login.json');
  if (!response.ok) throw new Error(`/console/login.json answered ${response.status}`);
  return (await response.json()) as Login;
}

/** Leaves for the login page: authorization code with PKCE, so that a stolen code is worth nothing. */
export async function goToLogin(login: Extract<Login, { kind: 'cognito' }>): Promise<void> {
  const pending: Pending = {
    state: randomText(),
    verifier: randomText(),
    back: location.pathname + location.search,
  };
  sessionStorage.setItem(PENDING, JSON.stringify(pending));
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: login.clientId,
    redirect_uri: redirectUri(),
    scope: 'openid',
    state: pending.state,
    code_challenge_method: 'S256',
    code_challenge: await sha256Base64Url(pending.verifier),
  });
  location.assign(`https://${login.domain}/oauth2/authorize?${query}`);
}

/**
 * Ends a login, when the page was opened by the way back from it.
 * @throws Error that says what to do when the login failed.
 */
export async function finishLogin(login: Extract<Login, { kind: 'cognito' }>): Promise<void> {
  const query = new URLSearchParams(location.search);
  const code = query.get('code');
  const stored = sessionStorage.getItem(PENDING);
  if (!query.has('state') || (code === null && !query.has('error')) || stored === null) return;
  sessionStorage.removeItem(PENDING);
  const pending = JSON.parse(stored) as Pending;
  history.replaceState(null, '', pending.back);
  // Another state was not asked for here: somebody else's login would be slipped in.
  if (code === null || query.get('state') !== pending.state) throw new Error('The login was not completed.');
  const response = await fetch(`https://${login.domain}/oauth2/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      client_id: login.clientId,
      redirect_uri: redirectUri(),
      code,
      code_verifier: pending.verifier,
    }),
  });
  const { access_token: token } = (await response.json().catch(() => ({}))) as { access_token?: string };
  if (!response.ok || !token) throw new Error('The login was not completed.');
  session.token = token;
}

function redirectUri(): string {
  return `${location.origin}/console`;
}
