/**
 * The ways in which providers prove that a request is theirs. A pack declares one; `verify.ts` carries it out.
 */
import type { ProviderOptions, WebhookRequest } from '../providers/provider.ts';

export type Encoding = 'hex' | 'base64' | 'base64url';

/** How the secret's text becomes key bytes. */
export type KeyForm =
  | 'utf8'
  | 'hex'
  | 'base64'
  /** Base64 after a prefix that is not part of the key: `{ strip: ['v1,', 'whsec_'], decode: 'base64' }`. */
  | { readonly strip: readonly string[]; readonly decode: 'base64' | 'utf8' };

/** Where the candidates for a signature stand. Several are tried; one match is enough. */
export interface SignatureHeader {
  /** Lower case. A trailing `*` takes every header that begins so (`x-docusign-signature-*`). */
  readonly header: string;
  /** `bare`: the whole value. `prefix`: after a fixed prefix. `pairs`: `k=v` lists. `list`: `v1,sig v1,sig`. */
  readonly form:
    | { readonly kind: 'bare' }
    | { readonly kind: 'prefix'; readonly prefix: string }
    | { readonly kind: 'pairs'; readonly separator: ',' | ';'; readonly key: string }
    | { readonly kind: 'list'; readonly version: string };
}

export type TimestampUnit = 'seconds' | 'milliseconds' | 'rfc3339';

/** A signed point in time and how far it may be off. */
export interface TimestampRule {
  readonly from:
    | { readonly header: string }
    /** A pair of the signature header: `t=…`. */
    | { readonly pair: string };
  readonly unit: TimestampUnit;
  /** Seconds into the past; `toleranceSeconds` of the options overrides it. Never 0 for "no check". */
  readonly toleranceSeconds: number;
  /** Seconds into the future. Default: the same. */
  readonly futureSeconds?: number;
}

/** HMAC over a template of the request. */
export interface HmacScheme {
  readonly kind: 'hmac';
  readonly algorithm: 'sha1' | 'sha256' | 'sha512';
  readonly encoding: Encoding;
  readonly key: KeyForm;
  /**
   * What is signed: text with `{body}` (raw bytes), `{timestamp}` (as sent), `{method}`, `{url}`, and
   * `{header.<name>}`. `{body}` alone is the default of most providers.
   */
  readonly signed: string;
  readonly signature: SignatureHeader | readonly SignatureHeader[];
  readonly timestamp?: TimestampRule;
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

/** Everything that data cannot say. Must not throw for bad input, and must fail closed. */
export interface CustomScheme {
  readonly kind: 'custom';
  verify(context: VerificationContext): Verdict | Promise<Verdict>;
  /** Signs a request in place of the provider, for samples and tests; undefined where nobody else can. */
  sign?(
    context: SigningContext,
  ): Readonly<Record<string, string>> | Promise<Readonly<Record<string, string>>>;
  /** Headers whose values are credentials and are never stored. Lower case. */
  readonly credentials?: readonly string[];
  /** True when secrets play no part (keys are fetched or configured). */
  readonly withoutSecret?: boolean;
}

export type Verification = HmacScheme | SharedSecretScheme | UnsignedScheme | CustomScheme;

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
    }
  | {
      readonly ok: false;
      readonly reason: Refusal /** For the operator's machine only. */;
      readonly hint?: string;
    };
