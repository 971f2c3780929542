/** X.509 certificates that a request points to by URL: fetched within bounds, or configured. */

import { type KeyObject, X509Certificate } from 'node:crypto';
import { isObject } from '../core/is-object.ts';
import type { OptionRule } from '../pack/provider.ts';
import type { ProviderOptions } from '../pack/request.ts';
import type { Verdict } from '../pack/scheme.ts';
import { allowedUrl, type BoundedFetchOptions, fetchBounded } from './fetch-bounded.ts';

/** Where a provider keeps its certificates. Both patterns have to match as a whole. */
export interface CertificateOrigin {
  readonly hosts: RegExp;
  /** Asked of fetched ones only: whoever configures a certificate has vouched for it. */
  readonly path: RegExp;
}

export type CertificateKey =
  | { readonly ok: true; readonly key: KeyObject }
  | { readonly ok: false; readonly verdict: Verdict & { readonly ok: false } };

const MAX_CACHED = 32;
const MAX_FETCHES_AT_ONCE = 4;
const CACHE_MS = 24 * 3_600_000;
/** For this long, an address that gave no certificate is not asked again: a flood of forgeries stays ours. */
const FAILED_MS = 30_000;
/** A delivery may be repeated for weeks after the certificate that signed it was replaced. */
const EXPIRED_GRACE_MS = 30 * 86_400_000;

export const certificatesRule: OptionRule = {
  description: 'Certificates in place of fetching them: { "<URL>": "<PEM>" }.',
  check: (value) =>
    isObject(value) && Object.values(value).every((pem) => typeof pem === 'string' && rsaKey(pem))
      ? undefined
      : 'write { "<URL of the certificate>": "-----BEGIN CERTIFICATE-----…" }',
};

/** Public keys by the URL of their certificate, kept in memory. One instance per provider. */
export class Certificates {
  readonly #cache = new Map<string, { key: Promise<KeyObject | undefined>; until: number }>();
  readonly #origin: CertificateOrigin;
  readonly #fetch: BoundedFetchOptions['fetch'];
  #fetching = 0;

  constructor(origin: CertificateOrigin, fetch?: BoundedFetchOptions['fetch']) {
    this.#origin = origin;
    this.#fetch = fetch;
  }

  /** @param now Epoch milliseconds. */
  async keyAt(url: string, options: ProviderOptions, now: number): Promise<CertificateKey> {
    // Even a configured certificate counts only under an address that is the provider's.
    if (!allowedUrl(url, this.#origin.hosts)) {
      return refused('signature-malformed', 'the certificate is not at an address of the provider');
    }
    const configured = options.certificates;
    if (typeof configured === 'object' && configured !== null) {
      const pem = Object.hasOwn(configured, url) ? (configured as Record<string, unknown>)[url] : undefined;
      const key = typeof pem === 'string' ? rsaKey(pem) : undefined;
      return key
        ? { ok: true, key }
        : refused('signature-mismatch', 'the certificate is not among options.certificates');
    }
    if (!allowedUrl(url, this.#origin.hosts, this.#origin.path)) {
      return refused('signature-malformed', 'the address is not one of a certificate');
    }
    const key = await this.#cached(url, now);
    return key ? { ok: true, key } : refused('key-unavailable', 'the certificate cannot be fetched');
  }

  #cached(url: string, now: number): Promise<KeyObject | undefined> {
    const known = this.#cache.get(url);
    if (known && known.until > now) return known.key;
    if (this.#fetching >= MAX_FETCHES_AT_ONCE) return Promise.resolve(undefined);
    const key = this.#load(url, now);
    const entry = { key, until: now + FAILED_MS };
    this.#cache.delete(url);
    this.#cache.set(url, entry);
    return key.then((loaded) => {
      if (loaded) entry.until = now + CACHE_MS;
      // Not before: an address that is still being asked would pass for a failure, and be the first to go.
      this.#evict();
      return loaded;
    });
  }

  /** Failures go first, so that forged addresses cannot push the true certificate out. */
  #evict(): void {
    if (this.#cache.size <= MAX_CACHED) return;
    const entries = [...this.#cache.entries()].sort(([, a], [, b]) => a.until - b.until);
    const [oldest] = entries;
    if (oldest) this.#cache.delete(oldest[0]);
  }

  async #load(url: string, now: number): Promise<KeyObject | undefined> {
    this.#fetching++;
    try {
      const fetched = await fetchBounded(url, {
        ...this.#origin,
        ...(this.#fetch && { fetch: this.#fetch }),
      });
      return fetched.ok ? rsaKey(fetched.body.toString('latin1'), now) : undefined;
    } finally {
      this.#fetching--;
    }
  }
}

function refused(reason: 'signature-malformed' | 'signature-mismatch' | 'key-unavailable', hint: string) {
  return { ok: false, verdict: { ok: false, reason, hint } } as const;
}

/** The key of the first certificate in a PEM text; with `now`, only while that certificate is valid. */
function rsaKey(pem: string, now?: number): KeyObject | undefined {
  try {
    const certificate = new X509Certificate(pem);
    const { validFromDate, validToDate, publicKey } = certificate;
    const inTime =
      now === undefined ||
      (validFromDate.getTime() <= now && now <= validToDate.getTime() + EXPIRED_GRACE_MS);
    return inTime && publicKey.asymmetricKeyType === 'rsa' ? publicKey : undefined;
  } catch {
    return undefined;
  }
}
