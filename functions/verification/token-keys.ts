/** Where the keys of signed tokens come from. */
import { SimpleFetcher } from 'aws-jwt-verify/https';
import type { Jwks } from 'aws-jwt-verify/jwk';
import { SINGLE_USE } from '../aws/connections.ts';

/** Where keys come from. `reachable` tells an unknown key from an issuer that does not answer. */
export interface KeySource {
  reachable: boolean;
  fetch(uri: string): Promise<ArrayBuffer>;
}

/** So long a key counts that its issuer has withdrawn: as long as a secret lives that was retired (docs/decisions/0034). */
export const KEYS_LIFE_MS = 15 * 60_000;
/** While the issuer does not answer, its last known keys serve, and it is left alone for this time. */
const RETRY_MS = 30_000;

/**
 * Fetches keys again when their time is over; never throws. The keys of the first time are fetched by who needs them.
 * @param fetchAgain puts new keys in place of the known ones.
 */
export function renewing(fetchAgain: () => Promise<void>): (now: number) => Promise<void> {
  let until: number | undefined;
  return async (now) => {
    until ??= now + KEYS_LIFE_MS;
    if (now < until) return;
    // Before the answer is there: whoever comes meanwhile does not wait.
    until = now + RETRY_MS;
    try {
      await fetchAgain();
      until = now + KEYS_LIFE_MS;
    } catch {
      // `KeySource.reachable` says that the issuer did not answer.
    }
  };
}

/** Configured keys are looked up without the pause that protects an issuer. */
export const noPenalty = {
  wait: async () => undefined,
  registerFailedAttempt: () => undefined,
  registerSuccessfulAttempt: () => undefined,
  release: () => undefined,
};

function toBytes(jwks: Jwks): ArrayBuffer {
  return new TextEncoder().encode(JSON.stringify(jwks)).buffer;
}

export function configuredKeys(jwks: Jwks): KeySource {
  return { reachable: true, fetch: async () => toBytes(jwks) };
}

/** Keys of the issuer, and the development key of a laptop beside them. */
export function issuerKeys(development: Jwks | undefined): KeySource {
  const fetcher = new SimpleFetcher({ defaultRequestOptions: { responseTimeout: 2_000, ...SINGLE_USE } });
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
