/**
 * What travels on the inbox queue: one delivery or one event with everything that the worker needs. The body
 * is base64, because SQS refuses or replaces some characters
 * (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html).
 */

import { FORMAT, type Format, requireReadable } from './format.ts';
import type { Place } from './place.ts';

/** A body too large for the queue, parked in S3. */
export interface BodyReference {
  readonly key: string;
  /** Hex SHA-256 of the body, checked when it is read back. */
  readonly sha256: string;
  readonly bytes: number;
}

/** So many events of a batch are taken in, from the first one on. */
export interface SplitProgress {
  readonly taken: number;
  readonly of: number;
}

export interface Envelope {
  readonly source: string;
  /** Of the delivery within its source, or of the event. `key` in the message, as release 0.1.0 has it. */
  readonly id: string;
  /** `batch`: the body carries several events, still to be split. */
  readonly kind: 'event' | 'batch';
  /** The delivery that carried this event, when that was a batch. */
  readonly batch?: string;
  /** Epoch milliseconds of arrival. */
  readonly receivedAt: number;
  /** Names in lower case; credentials are left out. */
  readonly headers: Readonly<Record<string, string>>;
  readonly subpath: string;
  /** Exactly one of `body` (base64) and `reference`. */
  readonly body?: string;
  readonly reference?: BodyReference;
  /**
   * Where its event passes the gate. Missing in messages of batches, of events that were quarantined when they were taken
   * in, and of release 0.1.0: the worker decides then. Never archived: the ledger's entry knows it.
   */
  readonly place?: Place;
  /** This is not the first message of its event: the event may be over already. Never archived. */
  readonly again?: true;
  /**
   * When the message was put on the queue that this one is a fresh copy of; epoch milliseconds. The copy's own time would
   * make an event look young that is held up for hours. Never archived: what an operator sends again begins anew.
   */
  readonly queuedAt?: number;
  /**
   * How far a batch is split that has taken longer than an invocation. Counts only while as many events are found in it. Never
   * archived: what is sent again begins anew.
   */
  readonly progress?: SplitProgress;
  /** Its handler has asked not to be tried before; epoch milliseconds. Never archived: what is sent again begins anew. */
  readonly notBefore?: number;
  /**
   * Id of an operator's request to run the handler again although the event has been applied. Copies of one message
   * carry the same id, so that the request is carried out once. Never archived.
   */
  readonly force?: string;
}

/** One more message of an event: it passes the gate where those before it do, or may have done. */
export function furtherMessage(
  { place: _, notBefore: __, ...envelope }: Envelope,
  place: Place | undefined,
): Envelope {
  return { ...envelope, ...(place && { place }), again: true };
}

/** Text for the queue: ASCII only, because ids and headers may hold what SQS refuses. */
export function encodeEnvelope(envelope: Envelope, format: Format = FORMAT): string {
  const { id: key, ...rest } = envelope;
  return JSON.stringify({ version: format, key, ...rest }).replace(
    /[\u007f-\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/**
 * Reads what `encodeEnvelope` wrote, in either format.
 * @throws NewerFormatError when a newer release wrote it: the message has to wait for its worker.
 * @throws TypeError or SyntaxError when it is something else: the message did not come from Inlet.
 */
export function decodeEnvelope(text: string): Envelope {
  const { version, key, ...rest } = Object(JSON.parse(text)) as {
    readonly version?: unknown;
    readonly key?: unknown;
  };
  if (!Number.isInteger(version) || Number(version) < 1) throw new TypeError('not an Inlet envelope');
  requireReadable(Number(version), 'The message');
  const envelope: unknown = { id: key, ...rest };
  assertEnvelope(envelope);
  return envelope;
}

/** @throws TypeError when it is no envelope. */
export function assertEnvelope(value: unknown): asserts value is Envelope {
  const candidate = value as Partial<Envelope> | null;
  const complete =
    typeof candidate === 'object' &&
    candidate !== null &&
    typeof candidate.source === 'string' &&
    typeof candidate.id === 'string' &&
    (candidate.kind === 'event' || candidate.kind === 'batch') &&
    typeof candidate.receivedAt === 'number' &&
    typeof candidate.subpath === 'string' &&
    typeof candidate.headers === 'object' &&
    candidate.headers !== null &&
    (typeof candidate.body === 'string' || typeof candidate.reference === 'object') &&
    (candidate.place === undefined || isPlace(candidate.place));
  if (!complete) throw new TypeError('not an Inlet envelope');
}

function isPlace(value: unknown): value is Place {
  const { gate, subject, revision } = Object(value) as Readonly<Record<string, unknown>>;
  if (gate !== undefined) return gate === 'entry';
  return typeof subject === 'string' && typeof revision === 'string';
}
