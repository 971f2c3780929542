import { createHash, timingSafeEqual } from 'node:crypto';

/** Decides whether the bearer token of a request opens the API. */
export type Authorize = (bearer: string | undefined) => boolean | Promise<boolean>;

/** One fixed token, compared in constant time. An empty token opens nothing. */
export function fixedToken(token: string): Authorize {
  const expected = digest(token);
  return (bearer) => token !== '' && bearer !== undefined && timingSafeEqual(digest(bearer), expected);
}

/** Digests have one length, whatever is compared. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

/** The token of an `Authorization: Bearer …` header. */
export function bearerOf(authorization: string | undefined): string | undefined {
  return /^bearer +(\S+) *$/i.exec(authorization ?? '')?.[1];
}
