import { createHash, timingSafeEqual } from 'node:crypto';

/** `read` looks; `operate` also replays, redrives, reclaims, clears leases, resets subjects and sends samples. */
export type Access = 'read' | 'operate';

/** What the bearer token of a request opens; false: nothing. */
export type Authorize = (bearer: string | undefined) => Access | false | Promise<Access | false>;

/** One fixed token for everything, compared in constant time. An empty token opens nothing. */
export function fixedToken(token: string): Authorize {
  const expected = digest(token);
  return (bearer) =>
    token !== '' && bearer !== undefined && timingSafeEqual(digest(bearer), expected) && 'operate';
}

/** Digests have one length, whatever is compared. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

/** The token of an `Authorization: Bearer …` header. */
export function bearerOf(authorization: string | undefined): string | undefined {
  return /^bearer +(\S+) *$/i.exec(authorization ?? '')?.[1];
}
