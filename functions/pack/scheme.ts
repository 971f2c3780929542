/**
 * The ways in which providers prove that a request is theirs. A pack declares one; `verify.ts` carries it out.
 */
import type { ProviderOptions, WebhookRequest } from './request.ts';

/** `hex`: in one case throughout, lower or upper. `base64`: padded. `base64url`: without padding. */
export type Encoding = 'hex' | 'base64' | 'base64url';

/** How the secret's text becomes key bytes. */
export type KeyForm =
  | 'utf8'
  | 'hex'
  | 'base64'
  /** Base64 after a prefix that is not part of the key: `{ strip: ['v1,', 'whsec_'], decode: 'base64' }`. */
  | {
      readonly strip: readonly string[];
      readonly decode: 'base64' | 'utf8';
      /** How a secret with none of the prefixes is read; `refuse`: not at all. Default: as `decode` says. */
      readonly otherwise?: 'utf8' | 'refuse';
    };

/** Where the candidates for a signature stand. Several are tried; one match is enough. */
export interface SignatureHeader {
  /** Lower case. A trailing `*` takes every header that begins so (`x-docusign-signature-*`). */
  readonly header: string;
  readonly form: SignatureForm;
}

export type SignatureForm =
  /** The whole value. */
  | { readonly kind: 'bare' }
  /** After a fixed prefix: `sha256=…`. With a separator: several of them, or the header several times. */
  | { readonly kind: 'prefix'; readonly prefix: string; readonly separator?: ',' }
  /** `t=1,v1=a,v1=b`: every value of the key counts. */
  | { readonly kind: 'pairs'; readonly separator: ',' | ';'; readonly key: string }
  /** `v1,a v1,b v1a,c`: every item of the version counts. */
  | { readonly kind: 'list'; readonly version: string }
  /** `<time>,<signature>,<signature>`: everything from position `first` on is a signature. */
  | { readonly kind: 'positional'; readonly separator: ','; readonly first: number };

export type TimestampUnit =
  | 'seconds'
  | 'milliseconds'
  /** Up to 10 digits are seconds: for providers whose own documents disagree. No time since 1970 fits both. */
  | 'seconds-or-milliseconds'
  | 'rfc3339';

/** A signed point in time and how far it may be off. */
export interface TimestampRule {
  readonly from:
    | { readonly header: string }
    /** A pair of the signature header: `t=…`. */
    | { readonly pair: string }
    /** A position in the signature header of the form `positional`, from 0. */
    | { readonly position: number }
    /** A path into a JSON body that is signed as a whole: `webhookTimestamp`. Read once the signature held. */
    | { readonly body: string };
  readonly unit: TimestampUnit;
  /** Seconds into the past; `toleranceSeconds` of the options overrides it. Never 0 for "no check". */
  readonly toleranceSeconds: number;
  /** Seconds into the future. Default: the same. */
  readonly futureSeconds?: number;
}

/** What every signature over a template of the request has in common. */
export interface SignedScheme {
  readonly encoding: Encoding;
  /**
   * What is signed: text with `{body}` (raw bytes), `{timestamp}` (as sent), `{method}`, `{url}` (the public one),
   * and `{header.<name>}`. `{body}` alone is what most providers sign.
   */
  readonly signed: string;
  /** Where signatures stand; with several headers, each that is there counts. */
  readonly signature: SignatureHeader | readonly SignatureHeader[];
  readonly timestamp?: TimestampRule;
}

/** HMAC over a template of the request. */
export interface HmacScheme extends SignedScheme {
  readonly kind: 'hmac';
  readonly algorithm: 'sha1' | 'sha256' | 'sha512';
  readonly key: KeyForm;
}

/**
 * A plain hash over a template that contains `{secret}`. Weak (whoever has seen one hash of `{secret}{body}` can
 * append to the body), so only for providers that offer nothing better.
 */
export interface HashScheme extends SignedScheme {
  readonly kind: 'hash';
  readonly algorithm: 'md5' | 'sha1' | 'sha256' | 'sha512';
}

/**
 * Ed25519 over a template of the request. The secret is the provider's public key, 32 bytes. A key pair of 64
 * bytes (seed, then public key) verifies as well and can also sign: for samples and tests.
 */
export interface Ed25519Scheme extends SignedScheme {
  readonly kind: 'ed25519';
  readonly key: KeyForm;
}

/**
 * Several proofs that stand in the same headers (two algorithms in one list): one that holds is enough. Every
 * secret is tried with each of them, so no public key may have the form of an HMAC key: `otherwise: 'refuse'`.
 */
export interface AnyScheme {
  readonly kind: 'any';
  readonly schemes: readonly Verification[];
}

/**
 * Proofs in different families of headers. The first family of which any header is there decides alone: with
 * `any`, a forged header of one family could stand beside a true signature of the other and be believed.
 */
export interface FirstScheme {
  readonly kind: 'first';
  readonly schemes: readonly Verification[];
}

/** A shared secret sent as it is. `header` in lower case. */
export interface SharedSecretScheme {
  readonly kind: 'shared-secret';
  readonly header: string;
  /** Text before the secret, compared without regard to case: `Bearer `. */
  readonly prefix?: string;
}

/** No proof at all. Only a configuration that says so in so many words gets here. */
export interface UnsignedScheme {
  readonly kind: 'unsigned';
}

/**
 * What of a request its proof covers. Nothing else orders, deletes, names an event or chooses its tenant
 * (`functions/facts/covered.ts`).
 */
export interface Coverage {
  /** In lower case; `all` where a credential speaks for the whole request. */
  readonly headers: 'all' | readonly string[];
  /** Headers that the request itself names as signed. The proof has held, so the list is true. */
  readonly namedHeaders?: (headers: WebhookRequest['headers']) => readonly string[];
  /** The public URL, path and query. */
  readonly url: boolean;
  /**
   * `all`; `fields`: all of a form but for the order of its fields and their repeats; or the paths within an event that are proven, and then
   * the rest of it is anybody's word.
   */
  readonly body: 'all' | 'fields' | readonly string[];
  /** What somebody with a captured request can do all the same, for `docs/providers.md`. */
  readonly remains?: string;
}

/** Everything that data cannot say. Must not throw for bad input, and must fail closed. */
export interface CustomScheme {
  readonly kind: 'custom';
  /** Required, so that no proof is taken for more than it is. */
  readonly covers: Coverage;
  /** What proves a request, for `docs/providers.md`: `RSA-SHA256 of the fields, in the body`. */
  readonly proof?: string;
  verify(context: VerificationContext): Verdict | Promise<Verdict>;
  /** Signs a request in place of the provider, for samples and tests; undefined where nobody else can. */
  sign?(
    context: SigningContext,
  ): Readonly<Record<string, string>> | Promise<Readonly<Record<string, string>>>;
  /** Where the proof stands in the request itself: a secret in the URL, a signature in the body. For samples. */
  prepare?(context: SigningContext): { readonly url?: string; readonly body?: Buffer };
  /** Headers whose values are credentials and are never stored. Lower case. */
  readonly credentials?: readonly string[];
  /** True when secrets play no part (keys are fetched or configured). */
  readonly withoutSecret?: boolean;
}

export type Verification =
  | HmacScheme
  | HashScheme
  | Ed25519Scheme
  | SharedSecretScheme
  | AnyScheme
  | FirstScheme
  | UnsignedScheme
  | CustomScheme;

export interface VerificationContext {
  readonly request: WebhookRequest;
  readonly secrets: readonly string[];
  readonly options: ProviderOptions;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** What is to be signed: a request that has everything but its signature headers. */
export interface SigningContext {
  readonly request: WebhookRequest;
  readonly secret: string;
  readonly options: ProviderOptions;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** Why a request was refused. Logged and counted; the sender is never told. */
export type Refusal =
  | 'signature-missing'
  | 'signature-malformed'
  | 'signature-mismatch'
  | 'timestamp-missing'
  | 'timestamp-malformed'
  | 'timestamp-stale'
  | 'timestamp-future'
  | 'token-expired'
  | 'token-claims'
  /** The operator has not set a secret, or one that cannot be a key: the request may well be genuine. */
  | 'secret-missing'
  | 'secret-malformed'
  | 'method'
  /** A key could not be fetched. */
  | 'key-unavailable';

export type Verdict =
  | {
      readonly ok: true;
      /** Position of the secret that matched, where there is one. */
      readonly secret?: number;
      /**
       * What names the proof, where the proof covers less than the event, or leaves open how the event is read. Pure of what
       * is not proven: the id of an event that is made of it cannot be changed without another proof.
       */
      readonly proofId?: string;
    }
  | {
      readonly ok: false;
      readonly reason: Refusal /** For the operator's machine only. */;
      readonly hint?: string;
    };
