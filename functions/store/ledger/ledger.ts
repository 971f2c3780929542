/**
 * The ledger remembers every delivery and event: that it was accepted, and what became of it. Its conditional
 * writes are what makes a repeat a repeat.
 */
import { type DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { conflictingItem, type Item, isConditionFailed, number, numberOf, text } from '../../aws/dynamodb.ts';
import { boundReason } from '../../core/bounds.ts';
import { UnavailableError } from '../../core/errors.ts';
import type { Settlement } from '../../core/fate.ts';
import { FORMAT, type Format, requireReadable } from '../../core/format.ts';
import type { Place } from '../../core/place.ts';
import { GIVEN_UP, isOneOf, State, statesBefore, WRITES } from '../../core/states.ts';
import { formatOf } from '../format.ts';
import { FENCE_IS_OURS, LEASE, NO_LIVE_LEASE } from '../lease.ts';
import { newToken } from '../token.ts';
import { getReadable, type Update } from '../update-readable.ts';
import { type Binding, bindProof } from './bind-proof.ts';
import {
  claimItem,
  factAttributes,
  ledgerId,
  listingPartition,
  type NewEntry,
  placeAttributes,
  placeOfItem,
  unplacedAttributes,
} from './entry.ts';
import { type Repeat, repeatOf, repeatUpdate } from './repeats.ts';
import type { Claimed, LedgerOptions } from './types.ts';
import { isIn, updateEntry } from './update-entry.ts';

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
    const id = ledgerId(entry.source, entry.id);
    const now = Math.floor(this.#now() / 1000);
    // Twice at most: the entry that was in the way can vanish (TTL) before it is read back.
    for (let attempt = 0; attempt < 2; attempt++) {
      try {
        await this.#client.send(
          new PutItemCommand({
            TableName: this.#table,
            Item: claimItem(entry, this.#expiry(), this.#listed, this.format),
            ConditionExpression: 'attribute_not_exists(id) OR expiresAt < :now',
            ExpressionAttributeValues: { ':now': number(now) },
            ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
          }),
          { abortSignal: signal },
        );
        return { claim: 'new' };
      } catch (error) {
        if (!isConditionFailed(error)) throw error;
        const old = await conflictingItem(error, { client: this.#client, table: this.#table, id, signal });
        if (!old) continue;
        requireReadable(formatOf(old), 'The entry');
        const isUnconfirmed = old.state?.S === State.claimed || old.redriving;
        const repeat = repeatOf(old, entry.facts?.deliveryId);
        return isUnconfirmed
          ? { claim: 'unconfirmed', place: placeOfItem(old), repeat }
          : { claim: 'duplicate', repeat };
      }
    }
    throw new UnavailableError('claim');
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
    { state, reason, facts, counted }: Settlement,
    attempt = newToken(),
    { signal, restores = true, fence, keepsLease = false }: WriteOptions = {},
  ): Promise<boolean> {
    const attributes: Item = {
      state: text(state),
      settledAt: number(this.#now()),
      attempt: text(attempt),
      // What is quarantined has passed no gate, and may pass another one when it is mended.
      ...(facts && (state === State.quarantined ? unplacedAttributes(facts) : factAttributes(facts))),
      // What waits for an operator is listed also where nothing else is, so that it is found when the listing is back.
      ...(isOneOf(GIVEN_UP, state) && { listing: text(listingPartition(entry.source, entry.id)) }),
      ...(reason !== undefined && { reason: text(boundReason(reason)) }),
    };
    const names = Object.keys(attributes);
    const sets = names.map((name) => `#${name} = :${name}`).join(', ');
    const { clause, values } = isIn(statesBefore(state));
    // What was moved to its subject since its message was sent passes there, by its new message.
    const stays = facts?.gate === 'entry' && state === State.applied;
    // A split batch that is marked was sent again for an event of it (`reclaim.ts`), and has been split again.
    const condition = state === State.split ? `(${clause} OR attribute_exists(redriving))` : clause;
    const removed = [
      'redriving',
      ...(reason === undefined ? ['#reason'] : []),
      // Without a fence it is not its own.
      ...(fence === undefined || keepsLease ? [] : LEASE),
    ];
    const written = await this.#updateOrRestore(entry, restores && fence === undefined, signal, {
      // A reason that an earlier attempt left behind would contradict the outcome. Whatever a redrive had still
      // to do, the event is through.
      UpdateExpression: `SET ${sets} REMOVE ${removed.join(', ')} ADD attempts :one`,
      ConditionExpression: [
        condition,
        ...(fence === undefined ? [] : [FENCE_IS_OURS]),
        ...(stays ? [PASSES_BY_ITSELF] : []),
      ].join(' AND '),
      ExpressionAttributeNames: Object.fromEntries([...names, 'reason'].map((name) => [`#${name}`, name])),
      ExpressionAttributeValues: {
        ...Object.fromEntries(names.map((name) => [`:${name}`, attributes[name] ?? { NULL: true }])),
        ':one': number(counted ? 0 : 1),
        ...(fence !== undefined && { ':fence': number(fence) }),
        ...(stays && { ':gate': text('entry') }),
        ...values,
      },
    });
    return 'attributes' in written || (isBy(written.old, attempt) && written.old?.state?.S === state);
  }

  /**
   * Counts a failed attempt, and keeps the entry for as long as a fresh one.
   * @param entry written anew where there is none any more, as with `settle`.
   * @param attempt token of the attempt: its repeat by the SDK counts once.
   * @param options as with `settle`.
   * @returns the attempts so far, or undefined when the event has been settled meanwhile, or somebody else has taken the
   * lease over.
   */
  async recordFailure(
    entry: NewEntry,
    reason: string,
    attempt = newToken(),
    { restores = true, fence, keepsLease = false }: Omit<WriteOptions, 'signal'> = {},
  ): Promise<number | undefined> {
    const { clause, values } = isIn(WRITES.fail.from);
    const ends = fence !== undefined && !keepsLease;
    const written = await this.#updateOrRestore(entry, restores && fence === undefined, undefined, {
      // `seenAt` tells the audit that the message was there then.
      UpdateExpression: `SET #state = :retrying, #reason = :reason, seenAt = :now, expiresAt = :expiresAt, attempt = :attempt ${ends ? `REMOVE ${LEASE.join(', ')} ` : ''}ADD attempts :one`,
      ConditionExpression: `${clause} AND (attribute_not_exists(attempt) OR attempt <> :attempt)${fence === undefined ? '' : ` AND ${FENCE_IS_OURS}`}`,
      ExpressionAttributeNames: { '#state': 'state', '#reason': 'reason' },
      ExpressionAttributeValues: {
        ':retrying': text(State.retrying),
        ':reason': text(boundReason(reason)),
        ':now': number(this.#now()),
        ':expiresAt': number(this.#expiry()),
        ':attempt': text(attempt),
        ':one': number(1),
        ...(fence !== undefined && { ':fence': number(fence) }),
        ...values,
      },
      ReturnValues: 'UPDATED_NEW',
    });
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
    const { clause, values } = isIn(WRITES.redrive.from);
    const sets =
      'redriving = #state, seenAt = :now, #state = :queued, attempts = :zero, expiresAt = :expiresAt';
    const attributes = place ? placeAttributes(place) : {};
    const names = Object.keys(attributes);
    const removed = ['settledAt', 'reason', ...PLACE].filter((name) => !names.includes(name));
    const written = await this.#update(source, id, {
      UpdateExpression: `SET ${[sets, ...names.map((name) => `${name} = :${name}`)].join(', ')} REMOVE ${removed.join(', ')} ADD redrives :one`,
      // At its subject nobody would know of a handler that has the entry.
      ConditionExpression: place?.gate === 'entry' ? clause : `${clause} AND ${NO_LIVE_LEASE}`,
      ExpressionAttributeValues: {
        ':queued': text(State.queued),
        ':now': number(this.#now()),
        ':zero': number(0),
        ':one': number(1),
        ':expiresAt': number(this.#expiry()),
        ...Object.fromEntries(names.map((name) => [`:${name}`, attributes[name] ?? { NULL: true }])),
        ...values,
      },
      ReturnValues: 'UPDATED_NEW',
    });
    return 'attributes' in written ? (numberOf(written.attributes.redrives) ?? 0) : undefined;
  }

  /**
   * Takes the mark away after the send. Only that of the same redrive: a later one may have begun meanwhile, and
   * its own send may still be to come.
   */
  async confirmRedrive(source: string, id: string, redrive: number): Promise<void> {
    await this.#update(source, id, {
      UpdateExpression: 'REMOVE redriving',
      ConditionExpression: 'attribute_exists(redriving) AND redrives = :redrive',
      ExpressionAttributeValues: { ':redrive': number(redrive) },
      ExpressionAttributeNames: {},
    });
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

/** The event has not been given a subject by a redrive. */
const PASSES_BY_ITSELF = '(gate = :gate OR attribute_not_exists(subject))';

/** What an entry says of its event's place, or of the order that might give it one. */
const PLACE = ['gate', 'subject', 'revision', 'ownSubject', 'ownRevision'];

interface WriteOptions {
  readonly signal?: AbortSignal | undefined;
  readonly restores?: boolean | undefined;
  readonly fence?: number | undefined;
  readonly keepsLease?: boolean;
}

function isBy(old: Item | undefined, attempt: string): boolean {
  return old?.attempt?.S === attempt;
}

export type { Claim, Claimed, LedgerOptions } from './types.ts';
