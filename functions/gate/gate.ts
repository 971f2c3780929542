/**
 * The revision gate: an event is applied to its subject only when the subject has not seen its revision or a
 * newer one. Every way in (first delivery, retry, redrive, replay) passes here.
 */
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { type Item, number, numberOf, text } from '../shared/dynamodb.ts';
import { FORMAT, type Format } from '../shared/format.ts';
import { type Update, updateReadable } from '../shared/update-readable.ts';
import {
  APPLIED_LAST,
  FENCE_IS_OURS,
  NO_LIVE_LEASE,
  NOT_FORCED_YET,
  REVISION_IS_NEWER,
} from './conditions.ts';
import {
  appliedAttributes,
  forcedRefusal,
  type GatedEvent,
  type Refused,
  refusal,
  subjectId,
  updateExpression,
} from './subject.ts';

export type { GatedEvent, Refused } from './subject.ts';

export class Gate {
  readonly #client: DynamoDBClient;
  readonly #table: string;
  readonly #retentionSeconds: number;
  readonly #now: () => number;
  readonly #format: Format;

  /** `now` in epoch milliseconds. */
  constructor(
    client: DynamoDBClient,
    table: string,
    retentionSeconds: number,
    now: () => number,
    format: Format = FORMAT,
  ) {
    this.#client = client;
    this.#table = table;
    this.#retentionSeconds = retentionSeconds;
    this.#now = now;
    this.#format = format;
  }

  /** State projection: applies the event in one write when it is the newest. */
  async project(event: GatedEvent): Promise<{ readonly outcome: 'applied' } | Refused> {
    const { set, remove } = this.#applied(event);
    const written = await this.#write(event, {
      ...updateExpression(set, remove),
      // A handler at work on the subject keeps it: its commit would otherwise fail after its effect.
      ConditionExpression: `${REVISION_IS_NEWER} AND ${NO_LIVE_LEASE}`,
      extraValues: { ':now': number(this.#now()) },
    });
    return 'refused' in written ? written.refused : { outcome: 'applied' };
  }

  /**
   * Reserves the subject for a handler until `leaseUntil` (epoch milliseconds).
   * @returns the fencing number: larger than every one given out before for this subject.
   */
  async acquire(
    event: GatedEvent,
    leaseUntil: number,
  ): Promise<{ readonly outcome: 'acquired'; readonly fence: number } | Refused> {
    const written = await this.#write(event, {
      UpdateExpression: 'SET leaseUntil = :leaseUntil, leaseEvent = :event ADD fence :one',
      ConditionExpression: `${REVISION_IS_NEWER} AND ${NO_LIVE_LEASE}`,
      ReturnValues: 'UPDATED_NEW',
      extraValues: {
        ':revision': number(event.facts.revision),
        ':now': number(this.#now()),
        ':leaseUntil': number(leaseUntil),
        ':event': text(event.facts.id),
        ':one': number(1),
      },
    });
    return 'refused' in written
      ? written.refused
      : { outcome: 'acquired', fence: numberOf(written.attributes.fence) ?? 0 };
  }

  /**
   * Applies the event after its handler has succeeded.
   * @returns false when somebody else has acquired the subject meanwhile: the event has to go round again.
   */
  async commit(event: GatedEvent, fence: number): Promise<boolean> {
    const { set, remove } = this.#applied(event);
    const written = await this.#write(event, {
      ...updateExpression(set, [...remove, 'leaseUntil', 'leaseEvent']),
      ConditionExpression: `${FENCE_IS_OURS} AND ${REVISION_IS_NEWER}`,
      extraValues: { ':fence': number(fence) },
    });
    return !('refused' in written);
  }

  /** Gives the subject back after a failed handler, so that the next attempt need not wait for the lease. */
  async release(event: GatedEvent, fence: number): Promise<void> {
    await this.#write(event, {
      UpdateExpression: 'REMOVE leaseUntil, leaseEvent',
      ConditionExpression: FENCE_IS_OURS,
      extraValues: { ':fence': number(fence) },
    });
  }

  /**
   * Reserves the subject for running a handler again, once for each request `force`, and only for the event that
   * the subject has applied last. Like `acquire` it gives out a new fencing number.
   */
  async acquireAgain(
    event: GatedEvent,
    force: string,
    leaseUntil: number,
  ): Promise<{ readonly outcome: 'acquired'; readonly fence: number } | Refused> {
    const written = await this.#write(
      event,
      {
        UpdateExpression: 'SET leaseUntil = :leaseUntil, leaseEvent = :event ADD fence :one',
        ConditionExpression: `${APPLIED_LAST} AND ${NO_LIVE_LEASE} AND ${NOT_FORCED_YET}`,
        ReturnValues: 'UPDATED_NEW',
        extraValues: {
          ':revision': number(event.facts.revision),
          ':now': number(this.#now()),
          ':leaseUntil': number(leaseUntil),
          ':event': text(event.facts.id),
          ':force': text(force),
          ':one': number(1),
        },
      },
      (old) => forcedRefusal(event, force, old),
    );
    return 'refused' in written
      ? written.refused
      : { outcome: 'acquired', fence: numberOf(written.attributes.fence) ?? 0 };
  }

  /**
   * Marks the request `force` as carried out. The state of the subject stays as it is: the event is in it already.
   * @returns false when somebody else has acquired the subject meanwhile.
   */
  async finishAgain(event: GatedEvent, force: string, fence: number): Promise<boolean> {
    const written = await this.#write(event, {
      UpdateExpression: 'SET forcedBy = :force REMOVE leaseUntil, leaseEvent',
      ConditionExpression: FENCE_IS_OURS,
      extraValues: { ':fence': number(fence), ':force': text(force) },
    });
    return !('refused' in written);
  }

  #applied(event: GatedEvent) {
    const now = this.#now();
    // An event that is its own subject is of no use after its ledger entry has gone.
    const own = event.facts.subject === event.facts.id;
    const expiresAt = own ? Math.floor(now / 1000) + this.#retentionSeconds : undefined;
    return appliedAttributes(event, now, expiresAt, this.#format);
  }

  /** @throws NewerFormatError when a newer release has written the subject, which stays as it is. */
  async #write(
    event: GatedEvent,
    { extraValues, ExpressionAttributeValues, ...update }: SubjectUpdate,
    refused = (old: Item | undefined) => refusal(event, old),
  ): Promise<{ readonly attributes: Item } | { readonly refused: Refused }> {
    const subject = {
      client: this.#client,
      table: this.#table,
      id: subjectId(event),
      what: 'The subject',
    };
    const values = { ...ExpressionAttributeValues, ...extraValues };
    const written = await updateReadable(subject, { ...update, ExpressionAttributeValues: values });
    return 'attributes' in written ? written : { refused: refused(written.old) };
  }
}

/** What `updateExpression` gives, or an expression of its own, with the values that the condition takes beside it. */
type SubjectUpdate = Omit<Update, 'ExpressionAttributeValues'> &
  Partial<Pick<Update, 'ExpressionAttributeValues'>> & { readonly extraValues: Item };
