/**
 * The revision gate: an event is applied to its subject only when the subject has not seen its revision or a
 * newer one. Every way in (first delivery, retry, redrive, replay) passes here.
 */
import { randomBytes } from 'node:crypto';
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
    return 'attributes' in written ? { outcome: 'applied' } : refusal(event, written.old);
  }

  /**
   * Reserves the subject for a handler until `leaseUntil` (epoch milliseconds).
   * @returns the fencing number: larger than every one given out before for this subject.
   */
  async acquire(event: GatedEvent, leaseUntil: number): Promise<Acquired | Refused> {
    return this.#lease(event, leaseUntil, {
      condition: REVISION_IS_NEWER,
      refused: (old) => refusal(event, old),
    });
  }

  /**
   * Applies the event after its handler has succeeded.
   * @returns false when somebody else has acquired the subject meanwhile: the event has to go round again.
   */
  async commit(event: GatedEvent, fence: number): Promise<boolean> {
    const { set, remove } = this.#applied(event);
    const written = await this.#write(event, {
      ...updateExpression(set, [...remove, ...LEASE]),
      ConditionExpression: `${FENCE_IS_OURS} AND ${REVISION_IS_NEWER}`,
      extraValues: { ':fence': number(fence) },
    });
    return 'attributes' in written;
  }

  /** Gives the subject back after a failed handler, so that the next attempt need not wait for the lease. */
  async release(event: GatedEvent, fence: number): Promise<void> {
    await this.#write(event, {
      UpdateExpression: `REMOVE ${LEASE.join(', ')}`,
      ConditionExpression: FENCE_IS_OURS,
      extraValues: { ':fence': number(fence) },
    });
  }

  /**
   * Reserves the subject for running a handler again, once for each request `force`, and only for the event that
   * the subject has applied last. Like `acquire` it gives out a new fencing number.
   */
  async acquireAgain(event: GatedEvent, force: string, leaseUntil: number): Promise<Acquired | Refused> {
    return this.#lease(event, leaseUntil, {
      condition: `${APPLIED_LAST} AND ${NOT_FORCED_YET}`,
      values: { ':force': text(force) },
      refused: (old) => forcedRefusal(event, force, old),
    });
  }

  /**
   * Marks the request `force` as carried out. The state of the subject stays as it is: the event is in it already.
   * @returns false when somebody else has acquired the subject meanwhile.
   */
  async finishAgain(event: GatedEvent, force: string, fence: number): Promise<boolean> {
    const written = await this.#write(event, {
      UpdateExpression: `SET forcedBy = :force REMOVE ${LEASE.join(', ')}`,
      ConditionExpression: FENCE_IS_OURS,
      extraValues: { ':fence': number(fence), ':force': text(force) },
    });
    return 'attributes' in written;
  }

  /**
   * Takes a lease under a token of its own. The SDK repeats a request whose answer was lost, and the repeat meets the
   * lease that the first one took: the token tells it from a lease of somebody else.
   */
  async #lease(
    event: GatedEvent,
    leaseUntil: number,
    { condition, values = {}, refused }: LeaseRule,
  ): Promise<Acquired | Refused> {
    const token = randomBytes(9).toString('base64url');
    const written = await this.#write(event, {
      UpdateExpression:
        'SET leaseUntil = :leaseUntil, leaseEvent = :event, leaseToken = :token ADD fence :one',
      ConditionExpression: `${condition} AND ${NO_LIVE_LEASE}`,
      ReturnValues: 'UPDATED_NEW',
      extraValues: {
        ':revision': number(event.facts.revision),
        ':now': number(this.#now()),
        ':leaseUntil': number(leaseUntil),
        ':event': text(event.facts.id),
        ':token': text(token),
        ':one': number(1),
        ...values,
      },
    });
    if ('attributes' in written) return acquired(written.attributes);
    const why = refused(written.old);
    return why.outcome === 'busy' && written.old?.leaseToken?.S === token ? acquired(written.old) : why;
  }

  #applied(event: GatedEvent) {
    const now = this.#now();
    // An event that is its own subject is of no use after its ledger entry has gone.
    const own = event.facts.subject === event.facts.id;
    const expiresAt = own ? Math.floor(now / 1000) + this.#retentionSeconds : undefined;
    return appliedAttributes(event, now, expiresAt, this.#format);
  }

  /** @throws NewerFormatError when a newer release has written the subject, which stays as it is. */
  #write(event: GatedEvent, { extraValues, ExpressionAttributeValues, ...update }: SubjectUpdate) {
    const subject = {
      client: this.#client,
      table: this.#table,
      id: subjectId(event),
      what: 'The subject',
    };
    const values = { ...ExpressionAttributeValues, ...extraValues };
    return updateReadable(subject, { ...update, ExpressionAttributeValues: values });
  }
}

/** What a lease says of its subject. */
export const LEASE = ['leaseUntil', 'leaseEvent', 'leaseToken'];

interface Acquired {
  readonly outcome: 'acquired';
  /** Larger than every one given out before for this subject. */
  readonly fence: number;
}

function acquired({ fence }: Item): Acquired {
  return { outcome: 'acquired', fence: numberOf(fence) ?? 0 };
}

/** When an event may have the lease, and what it means when it may not. */
interface LeaseRule {
  readonly condition: string;
  readonly values?: Item;
  readonly refused: (old: Item | undefined) => Refused;
}

/** What `updateExpression` gives, or an expression of its own, with the values that the condition takes beside it. */
type SubjectUpdate = Omit<Update, 'ExpressionAttributeValues'> &
  Partial<Pick<Update, 'ExpressionAttributeValues'>> & { readonly extraValues: Item };
