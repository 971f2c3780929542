/**
 * The shape of a provider pack: what Inlet must know about one webhook provider. Most packs are data only.
 * `docs/add-a-provider.md` walks through one.
 */

import type { Field } from './fields.ts';
import type { Answer, EventContext, ProviderOptions, WebhookRequest } from './request.ts';
import type { Verification } from './scheme.ts';

/** How the revision of an event is read. Higher is newer; equal ones are all applied, in order of arrival. */
export interface RevisionRule {
  readonly field: Field;
  /**
   * `integer`: a counter, any number of digits. `seconds`, `milliseconds`: epoch times, fractions allowed.
   * `timestamp`: ISO 8601 or RFC 3339, to the precision that is written (nanoseconds kept) and in UTC where no zone is
   * named, or the date of a mail (RFC 5322). Times become epoch milliseconds.
   */
  readonly as: 'integer' | 'seconds' | 'milliseconds' | 'timestamp';
}

/**
 * Where the facts of an event lie. All are read from what the proof covers: a path to anything else finds nothing. Only
 * `unsignedType`, `deliveryId` and `unsignedId` see the whole request.
 */
export interface EventShape {
  /**
   * How the body is parsed. `auto`: as a form where the bytes are one, whatever the content type says; its `payload` field
   * holding JSON is unfolded. `json-or-form`: likewise, and nothing is unfolded. `text`: the body is one string.
   */
  readonly format: 'json' | 'form' | 'auto' | 'json-or-form' | 'text';
  /**
   * The events of one body, when it carries several: a path to the list, or a function. Every item must make
   * sense by itself, so a function copies into it what it needs from the envelope. A body that is not a list
   * where one may be is returned as it is: `[body]`. Default: the body is the one event.
   */
  readonly split?: string | ((body: unknown, headers: EventContext['headers']) => readonly unknown[]);
  /**
   * The provider's own id of the event, stable over its retries: never of the hook or of the attempt. Where it
   * gives none, leave it out: the key is then a hash of the event without `volatile`.
   */
  readonly id?: Field;
  /**
   * An id that nothing signs, where there is no other: it enters no key. The event is known by its content and type; the
   * same under another such id is a duplicate, and its entry counts it.
   */
  readonly deliveryId?: Field;
  /**
   * An id that nothing signs, and that is part of the key all the same: only where genuine events come with equal bytes,
   * which would else be taken for repeats. `because` says so, and what it lets somebody with a captured request do.
   */
  readonly unsignedId?: { readonly field: Field; readonly because: string };
  /** Paths (`payload.attempt_number`) that change between attempts and so stay out of the hash. */
  readonly volatile?: readonly string[];
  readonly type?: Field;
  /**
   * A type that nothing signs, for where `type` finds none. It is part of the key, so that a captured body counts once
   * for each type that somebody claims for it.
   */
  readonly unsignedType?: Field;
  /** The thing that the event is about: a message, an order. */
  readonly subject?: Field;
  /** Orders events of a subject. Without `snapshots` or `discardsOlder` only for a source that asks for `mode: 'latest'`. */
  readonly revision?: RevisionRule;
  /**
   * Why the newest event of a subject says all of its state, in a sentence: each is a full snapshot of one thing, in a strict
   * order. A source without a handler then keeps the newest state; with none it keeps each event.
   */
  readonly snapshots?: string;
  /** The page on which the provider tells receivers to discard older revisions: then a handler gets the newest only, too. */
  readonly discardsOlder?: string;
  /** The state that the event leaves its subject in. Default: its type, where that is covered. */
  readonly state?: Field;
  /** True when the event deletes its subject: a tombstone stays, so that a late event cannot revive it. */
  readonly deletes?: (context: EventContext) => boolean;
  /** The customer or account on whose behalf the provider sends, mapped to a tenant by the configuration. */
  readonly tenant?: Field;
}

/**
 * What answering a handshake may do besides answering: these two things, each within bounds that no request can
 * move.
 */
export interface HandshakeActions {
  /**
   * Stores a key that the provider hands over as a secret of the source, in front of those that it has. Only
   * while the operator has opened a registration window for the source, which closes with this.
   * @returns `learnt`; `known`: it is one of the secrets already; `closed`: nothing was stored. The handshake
   * must then be refused: whoever sent it could otherwise speak in the provider's name.
   */
  learnSecret(secret: string): Promise<'learnt' | 'known' | 'closed'>;
  /**
   * Calls a confirmation URL by GET: https only, the whole host name matching, no redirect, bounded.
   * @returns true when it was answered with success; false also when the URL is not allowed. Never throws.
   */
  confirm(url: string, hosts: RegExp): Promise<boolean>;
}

export interface HandshakeContext {
  readonly request: WebhookRequest;
  readonly secrets: readonly string[];
  readonly options: Readonly<Record<string, unknown>>;
  /** The secret that proved the request, for handshakes that come `after`. */
  readonly secret?: string;
  readonly actions: HandshakeActions;
}

/** A request that opens or checks a subscription and carries no event. */
export interface Handshake {
  readonly method: 'GET' | 'HEAD' | 'OPTIONS' | 'POST';
  /**
   * `before`: answered without a signature, because the provider sends none.
   * `after`: answered only when the request has been verified.
   */
  readonly when: 'before' | 'after';
  /**
   * The answer when the request is this handshake, else undefined. Changes nothing except through `actions`.
   * A status of 400 or more refuses the handshake.
   */
  answer(context: HandshakeContext): Answer | undefined | Promise<Answer | undefined>;
}

/** The form of a source's secret. */
export interface SecretForm {
  /** What the operator pastes and where the provider shows it. */
  readonly description: string;
  /** A value of the right form for local use: fixed, public, worthless. */
  readonly development: string;
  /** What is wrong with a secret of the wrong form, and what to use instead; undefined when it is fine. */
  readonly check?: (secret: string) => string | undefined;
  /** True when the provider hands it over in a handshake: `HandshakeActions.learnSecret`. */
  readonly handedOver?: boolean;
}

/** How the provider retries: facts for documentation, `inlet register` and the shortest allowed retention. */
export interface RetryFacts {
  /** For people: `17 retries over 24 h`. */
  readonly schedule: string;
  /** Seconds until the provider gives an answer up. */
  readonly timeoutSeconds?: number;
  /** Seconds between the first and the last attempt. Ledger entries live longer than this. */
  readonly periodSeconds?: number;
}

/** A plausible event, unsigned. `inlet send` signs it. */
export interface Sample {
  readonly type: string;
  readonly subpath?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Text of the body. `seed` differs for each event that is sent; the same seed gives the same event. */
  body(seed: number): string;
}

export interface OptionRule {
  readonly description: string;
  readonly required?: boolean;
  /** A value of the right form, for samples and tests. Every required option has one. */
  readonly example?: unknown;
  /** What is wrong with a value, seen with the others, and what to write instead; undefined when it is fine. */
  readonly check?: (value: unknown, options: ProviderOptions) => string | undefined;
}

export interface Provider {
  /** Lower-case kebab-case; the `provider` of the configuration. */
  readonly name: string;
  readonly title: string;
  /** Pages that the facts come from. */
  readonly documentation: readonly string[];
  /** What could not be checked against documentation or an SDK, in a sentence. */
  readonly unverified?: string;
  readonly verification: Verification | ((options: ProviderOptions) => Verification);
  readonly secret: SecretForm;
  /** True when the provider cannot sign, so that a configuration may say `unsigned: true`. */
  readonly mayBeUnsigned?: boolean;
  readonly options?: Readonly<Record<string, OptionRule>>;
  readonly events: EventShape;
  /**
   * Headers that are kept with an event beside those that its paths read: what a function of the pack reads, and what the
   * provider documents as a fact of the event. Never a credential. Lower case; `ce-*` takes all that begin so.
   */
  readonly eventHeaders?: readonly string[];
  /**
   * Paths into the body of what proves it, or acts for the account at the provider: a shared secret, a signature, a token.
   * `*` stands for each item of a list. Once the request is verified and its key is known, they are replaced in the body,
   * so that no queue, archive, handler, console or log has them. Nothing else about an event may be read from them.
   * What a handler needs to answer with (LINE's `replyToken`, Slack's `response_url`) is not among them.
   */
  readonly bodyCredentials?: readonly string[];
  /**
   * True when a body can be forged that fits a captured proof (PayPal signs a CRC-32 of it): of the events that come with one
   * `proofId`, only the first is taken in. One write more for each request.
   */
  readonly oneEventPerProof?: boolean;
  /** The answer to an accepted or repeated event. Default: 202 with no body. */
  readonly acknowledge?: Answer;
  /** True when the provider wants no body with a 401 either. */
  readonly refusesWithoutBody?: boolean;
  readonly handshakes?: readonly Handshake[];
  readonly retries: RetryFacts;
  /** Sentences for `inlet register`: what to enter where. `{url}` and `{secret}` are replaced. */
  readonly registration?: readonly string[];
  readonly samples: readonly Sample[];
}

/** Packs by their names. */
export type Packs = Readonly<Record<string, Provider>>;
