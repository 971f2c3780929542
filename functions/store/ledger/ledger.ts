/**
 * The ledger remembers every delivery and event: that it was accepted, and what became of it. Its conditional
 * writes are what makes a repeat a repeat.
 */
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { number, numberOf, text } from '../../aws/dynamodb.ts';
import { boundReason } from '../../core/bounds.ts';
import { UnavailableError } from '../../core/errors.ts';
import type { Settlement } from '../../core/fate.ts';
import { FORMAT, type Format } from '../../core/format.ts';
import type { Place } from '../../core/place.ts';
import { State, WRITES } from '../../core/states.ts';
import { newToken } from '../token.ts';
import { getReadable, type Update } from '../update-readable.ts';
import { type Binding, bindProof } from './bind-proof.ts';
import { claimEntry } from './claim.ts';
import { ledgerId, type NewEntry, placeOfItem } from './entry.ts';
import { failureUpdate, isBy, settleUpdate } from './outcome.ts';
import { confirmRedriveUpdate, reopenUpdate } from './redrive.ts';
import { type Repeat, repeatUpdate } from './repeats.ts';
import type { Claimed, LedgerOptions } from './types.ts';
import { isIn, updateEntry } from './update-entry.ts';

type FailureOptions = Omit<WriteOptions, 'signal'> & { readonly hiddenUntil?: number };

export class Ledger {
  /** Whether an entry is marked as queued before its worker settles it. */
  readonly confirms: boolean;
  /** In which it writes. */
  readonly format: Format;
  readonly #listed: boolean;
  readonly #client: DynamoDBClient;
  readonly #table: string;
  readonly #retentionSeconds: number;
  readonly #now: () => number;

  /** `now` in epoch milliseconds. */
  constructor(
    client: DynamoDBClient,
    table: string,
    retentionSeconds: number,
    now: () => number,
    { listing, confirmation, format }: LedgerOptions = { listing: true, confirmation: true, format: FORMAT },
  ) {
    this.confirms = confirmation;
    this.#listed = listing;
    this.format = format;
    this.#client = client;
    this.#table = table;
    this.#retentionSeconds = retentionSeconds;
    this.#now = now;
  }

  /**
   * Claims a delivery or an event. An entry past its time counts as gone, because DynamoDB deletes expired
   * items up to days late.
   * @throws when DynamoDB does not answer; nothing is known then, and the provider has to try again.
   * @throws NewerFormatError when the entry is a newer release's: what its state means is for that release to say.
   */
  async claim(entry: NewEntry, signal?: AbortSignal): Promise<Claimed> {
    const target = { client: this.#client, table: this.#table, signal };
    return claimEntry(target, entry, {
      now: Math.floor(this.#now() / 1000),
      expiresAt: this.#expiry(),
      listed: this.#listed,
      format: this.format,
    });
  }

  /**
   * Binds a proof to the first event that comes with it, for as long as an entry is kept.
   * @returns false when it is bound to another one: the proof is used again.
   * @throws when DynamoDB does not answer, as `claim` does.
   */
  async bind(binding: Binding, signal?: AbortSignal): Promise<boolean> {
    const times = { now: Math.floor(this.#now() / 1000), expiresAt: this.#expiry(), format: this.format };
    return bindProof({ client: this.#client, table: this.#table, signal }, binding, times);
  }

  /** Counts a delivery that was a repeat under another id. Changes nothing else of the entry. */
  async countRepeat({ source, id }: NewEntry, repeat: Repeat, signal?: AbortSignal): Promise<void> {
    await this.#update(source, id, repeatUpdate(repeat), signal);
  }

  /** Marks a claim as queued. Does nothing when the worker has been faster. */
  async confirm(source: string, id: string, signal?: AbortSignal): Promise<void> {
    const { clause, values } = isIn(WRITES.confirm.from);
    await this.#update(
      source,
      id,
      {
        UpdateExpression: 'SET #state = :queued, expiresAt = :expiresAt',
        ConditionExpression: clause,
        ExpressionAttributeValues: {
          ':queued': text(State.queued),
          ':expiresAt': number(this.#expiry()),
          ...values,
        },
      },
      signal,
    );
  }

  /**
   * Records the outcome. The first one stays, with one exception: what was given up and then went through by
   * another copy of its message has gone through, so an event is applied and a batch is split.
   * @param entry of the message: where the ledger has none any more, because its time was over first, it is written
   * anew. That there is no entry never counts as an outcome.
   * @param attempt token of the attempt, by which it knows its own write when the answer was lost.
   * @param options `restores: false` for a run that an operator forced: it says nothing of the event's outcome. `fence` of
   * the lease on the entry under which the handler has run: the outcome ends the lease, and is none without it. `keepsLease`:
   * the handler may still be running.
   * @returns false when another outcome was there already, or somebody else has taken the lease over.
   * @throws NewerFormatError when the entry is a newer release's, so that its message stays for that one.
   */
  async settle(
    entry: NewEntry,
    settlement: Settlement,
    attempt = newToken(),
    { signal, restores = true, fence, keepsLease = false }: WriteOptions = {},
  ): Promise<boolean> {
    const now = this.#now();
    const update = settleUpdate(entry, settlement, { attempt, now, fence, keepsLease });
    const written = await this.#updateOrRestore(entry, restores && fence === undefined, signal, update);
    return (
      'attributes' in written || (isBy(written.old, attempt) && written.old?.state?.S === settlement.state)
    );
  }

  /**
   * Counts a failed attempt, and keeps the entry for as long as a fresh one.
   * @param entry written anew where there is none any more, as with `settle`.
   * @param attempt token of the attempt: its repeat by the SDK counts once.
   * @param options as with `settle`; `hiddenUntil`: when the message comes back, where its handler has asked for it; epoch
   * milliseconds.
   * @returns the attempts so far, or undefined when the event has been settled meanwhile, or somebody else has taken the
   * lease over.
   */
  async recordFailure(
    entry: NewEntry,
    reason: string,
    attempt = newToken(),
    { restores = true, fence, keepsLease = false, hiddenUntil = 0 }: FailureOptions = {},
  ): Promise<number | undefined> {
    // What its handler wants to be left alone is not missed by the audit meanwhile.
    const times = { now: Math.max(this.#now(), hiddenUntil), expiresAt: this.#expiry() };
    const update = failureUpdate(reason, { attempt, ...times, fence, keepsLease });
    const written = await this.#updateOrRestore(entry, restores && fence === undefined, undefined, update);
    if ('attributes' in written) return numberOf(written.attributes.attempts);
    return isBy(written.old, attempt) ? numberOf(written.old?.attempts) : undefined;
  }

  /**
   * What an entry says of its event, or undefined when there is none. `failures`: attempts that have failed.
   * @throws NewerFormatError
   */
  async look(
    source: string,
    id: string,
  ): Promise<{ state?: string; place?: Place; failures: number } | undefined> {
    const item = { client: this.#client, table: this.#table, id: ledgerId(source, id) };
    const entry = await getReadable({ ...item, what: 'The entry' });
    return (
      entry && { state: entry.state?.S, place: placeOfItem(entry), failures: numberOf(entry.attempts) ?? 0 }
    );
  }

  /**
   * Puts a quarantined or dead entry back in flight, with its attempts counted from nought and its time begun anew. Until `confirmRedrive`
   * it is marked as `redriving`, with the state that it was in: whoever meets the mark sends the event again, as
   * with a claim that nobody confirmed, because the one who set it may have crashed before the send.
   * @param place where its messages pass the gate from now on; undefined: the worker decides.
   * @returns the number of this redrive, or undefined when the entry is in neither state, or is moved while a handler is at
   * work on it.
   */
  async reopen(source: string, id: string, place?: Place): Promise<number | undefined> {
    const times = { now: this.#now(), expiresAt: this.#expiry() };
    const written = await this.#update(source, id, reopenUpdate(place, times));
    return 'attributes' in written ? (numberOf(written.attributes.redrives) ?? 0) : undefined;
  }

  /**
   * Takes the mark away after the send. Only that of the same redrive: a later one may have begun meanwhile, and
   * its own send may still be to come.
   */
  async confirmRedrive(source: string, id: string, redrive: number): Promise<void> {
    await this.#update(source, id, confirmRedriveUpdate(redrive));
  }

  /** Notes how a forced run of an applied event ended. Its outcome stays what it is. */
  async noteForced(source: string, id: string, result: string): Promise<void> {
    await this.#update(source, id, {
      UpdateExpression: 'SET forcedAt = :now, forcedResult = :result',
      ConditionExpression: 'attribute_exists(id)',
      ExpressionAttributeValues: { ':now': number(this.#now()), ':result': text(boundReason(result)) },
      ExpressionAttributeNames: {},
    });
  }

  /** Epoch seconds. */
  #expiry(): number {
    return Math.floor(this.#now() / 1000) + this.#retentionSeconds;
  }

  #update(source: string, id: string, update: Update, signal?: AbortSignal) {
    return updateEntry({ client: this.#client, table: this.#table }, source, id, update, signal);
  }

  /** Updates an entry; one that is gone is claimed anew first. */
  async #updateOrRestore(
    entry: NewEntry,
    restores: boolean,
    signal: AbortSignal | undefined,
    update: Update,
  ) {
    // Several times only if the entry comes and goes between the calls.
    for (let turn = 0; turn < 3; turn++) {
      const written = await this.#update(entry.source, entry.id, update, signal);
      if ('attributes' in written) return written;
      if (written.old || !restores) return { old: written.old };
      await this.claim(entry, signal);
    }
    throw new UnavailableError('ledger');
  }
}

interface WriteOptions {
  readonly signal?: AbortSignal | undefined;
  readonly restores?: boolean | undefined;
  readonly fence?: number | undefined;
  readonly keepsLease?: boolean;
}

export type { Claim, Claimed, LedgerOptions } from './types.ts';
