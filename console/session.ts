/**
 * Who is looking. The token lives in the session storage of this tab, and of tabs that the page opens, and nowhere
 * else: it came from the login, or on a laptop in the fragment of a link, and is taken out of the address bar at once, so
 * that no history, log or referrer keeps it.
 */
import type { CognitoLogin } from './cognito.ts';

export type Login = { readonly kind: 'token' } | CognitoLogin;

const TOKEN = 'inlet-token';

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

/**
 * Ends a login, when the page was opened by the way back from it. What does so is loaded only then: on a laptop never.
 * @throws Error that says what to do when the login failed.
 */
export async function finishLogin(login: Login): Promise<void> {
  const answer = new URLSearchParams(location.search);
  if (login.kind !== 'cognito' || !answer.has('state') || !(answer.has('code') || answer.has('error')))
    return;
  const { endLogin } = await import('./cognito.ts');
  session.token = (await endLogin(login, answer)) ?? session.token;
}
