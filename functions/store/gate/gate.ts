/**
 * The revision gate: an event is applied to its subject once, and only when the subject has not seen a newer revision.
 * Every way in (first delivery, retry, redrive, replay) passes here, or by the event's own entry (`entry-gate.ts`). Why it
 * refused an event is decided by the one rule of `functions/core/decide.ts`.
 */
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { type Item, number, text } from '../../aws/dynamodb.ts';
import { decide, decideForced, MAX_TIES, rankOf, type Subject, type Verdict } from '../../core/decide.ts';
import { FORMAT, type Format } from '../../core/format.ts';
import { compareRevisions } from '../../core/revisions.ts';
import { FENCE_IS_OURS, LEASE, NO_LIVE_LEASE } from '../lease.ts';
import { newToken } from '../token.ts';
import { getReadable, type Update, updateReadable } from '../update-readable.ts';
import { type Acquired, acquired, type Passed, type Refused, refused, unlessOurs } from './answers.ts';
import { APPLIED_PRESENTLY, IS_NEW, IS_NEW_OR_TIE, IS_TIE, NOT_FORCED_YET } from './conditions.ts';
import { carriedOut, isCarriedOut, released } from './endings.ts';
import { TAKE_LEASE, withNextFence } from './fence.ts';
import { type Hold, holdSubject, letGoOf } from './serial.ts';
import {
  appliedAttributes,
  candidateOf,
  type GatedEvent,
  REMEMBER_LAST,
  REMEMBER_THIS,
  readSubject,
  subjectId,
  TIES,
  updateExpression,
} from './subject.ts';

export type { GatedEvent } from './subject.ts';

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

  /** State projection: applies the event in one write when it is the newest, or one of the newest. */
  async project(event: GatedEvent): Promise<Passed | Refused> {
    // A handler at work on the subject keeps it: its commit would otherwise fail after its effect.
    const written = await this.#apply(event, NO_LIVE_LEASE, { ':now': number(this.#now()) });
    return 'attributes' in written ? { verdict: 'apply' } : this.#refusal(event, readSubject(written.old));
  }

  /**
   * Reserves the subject for a handler until `leaseUntil` (epoch milliseconds), under a token of its own, which tells the
   * lease from one of somebody else (`unlessOurs`).
   * @param force id of an operator's request to run the handler again: it does so once, and only for an event that was
   *   applied at the subject's present revision.
   */
  async acquire(event: GatedEvent, leaseUntil: number, force?: string): Promise<Acquired | Refused> {
    const token = newToken();
    const now = this.#now();
    const { condition, values } =
      force === undefined
        ? { condition: IS_NEW_OR_TIE, values: { ':maxTies': number(MAX_TIES) } }
        : { condition: `${APPLIED_PRESENTLY} AND ${NOT_FORCED_YET}`, values: { ':force': text(force) } };
    const written = await withNextFence(now, (fence) =>
      this.#write(event, {
        UpdateExpression: `SET ${TAKE_LEASE}, ${fence.set}`,
        ConditionExpression: `${condition} AND ${NO_LIVE_LEASE} AND ${fence.condition}`,
        ReturnValues: 'UPDATED_NEW',
        extraValues: {
          ':revision': number(event.facts.revision),
          ':now': number(now),
          ':leaseUntil': number(leaseUntil),
          ':event': text(event.facts.id),
          ':token': text(token),
          ...fence.values,
          ...values,
        },
      }),
    );
    if ('attributes' in written) return acquired(written.attributes);
    return unlessOurs(this.#refusal(event, readSubject(written.old), force), written.old, token);
  }

  /**
   * Applies the event after its handler has succeeded.
   * @returns false when somebody else has acquired the subject meanwhile: the event has to go round again.
   */
  async commit(event: GatedEvent, fence: number): Promise<boolean> {
    const written = await this.#apply(event, FENCE_IS_OURS, { ':fence': number(fence) }, LEASE);
    if ('attributes' in written) return true;
    const rank = rankOf(readSubject(written.old), candidateOf(event));
    if (rank === 'repeat') {
      // It has happened: its answer was lost, or another attempt has been faster, and our lease is in nobody's way.
      if (written.old?.leaseUntil) await this.release(event, fence);
      return true;
    }
    return (rank === 'older' || rank === 'full') && this.#remember(event, fence);
  }

  /**
   * Makes a subject know an event as applied that its state is past already: while the handler was at work, a newer state
   * was kept for a source that gets every event by now (`keep`).
   * @returns false when the lease is somebody else's, or has run out.
   */
  async #remember(event: GatedEvent, fence: number): Promise<boolean> {
    const written = await this.#write(event, {
      UpdateExpression: `SET ${REMEMBER_THIS} REMOVE ${LEASE.join(', ')}`,
      ConditionExpression: `${FENCE_IS_OURS} AND leaseUntil >= :now`,
      extraValues: {
        ':event': text(event.facts.id),
        ':none': text(''),
        ':fence': number(fence),
        ':now': number(this.#now()),
      },
    });
    return 'attributes' in written || rankOf(readSubject(written.old), candidateOf(event)) === 'repeat';
  }

  /** Gives the subject back after a failed handler, so that the next attempt need not wait for the lease. */
  async release(event: GatedEvent, fence: number): Promise<void> {
    await updateReadable(this.#target(event), released(fence));
  }

  /**
   * Marks the request `force` as carried out. The state of the subject stays as it is: the event is in it already.
   * @returns false when somebody else has acquired the subject meanwhile.
   */
  async finishAgain(event: GatedEvent, force: string, fence: number): Promise<boolean> {
    return isCarriedOut(await updateReadable(this.#target(event), carriedOut(force, fence)), force);
  }

  /**
   * Keeps the state that an event leaves its subject in, where it is the newest, or one of the newest. The event itself
   * passes elsewhere, so that whoever has the subject is not asked.
   */
  async keep(event: GatedEvent): Promise<void> {
    await this.#apply(event);
  }

  /**
   * Takes a subject for one handler at a time, whatever its events' order, until `leaseUntil` (epoch milliseconds).
   * @param keeps whether the source keeps the newest state of each subject.
   */
  async hold(event: GatedEvent, leaseUntil: number, keeps = false): Promise<Hold> {
    const times = { now: this.#now(), leaseUntil, expiresAt: this.#expiry() };
    return holdSubject(this.#target(event), event.facts.id, times, keeps);
  }

  /** Lets go of a subject that `hold` has taken. */
  async letGo(event: GatedEvent, token: string): Promise<void> {
    return letGoOf(this.#target(event), token);
  }

  /**
   * Whether nothing newer is kept of its subject than an event. `unknown`: it has no order, or nothing is kept of its subject.
   * @param keeps whether the source keeps the newest state of each subject now. What was kept before may be of long ago.
   */
  async isNewest(event: GatedEvent, keeps = false): Promise<boolean | 'unknown'> {
    const { facts } = event;
    if (!facts.ordered) return 'unknown';
    const { revision, isLeftOver } = readSubject(await getReadable(this.#target(event))) ?? {};
    const kept = isLeftOver ? undefined : revision;
    if (kept !== undefined && compareRevisions(kept, facts.revision) > 0) return false;
    return facts.gate === 'subject' || (keeps && kept !== undefined) || 'unknown';
  }

  /**
   * What the gate would say to an event now, without changing anything.
   * @throws NewerFormatError when a newer release has written the subject.
   */
  async look(event: GatedEvent): Promise<Verdict> {
    return decide(readSubject(await getReadable(this.#target(event))), candidateOf(event), this.#now());
  }

  #refusal(event: GatedEvent, old: Subject | undefined, force?: string): Refused {
    const [candidate, now] = [candidateOf(event), this.#now()];
    return refused(
      force === undefined ? decide(old, candidate, now) : decideForced(old, candidate, force, now),
    );
  }

  /**
   * Applies an event as the newest of its subject. Only where the subject stands at its revision already, it is applied
   * beside those that brought it there, by a second write: one write cannot both begin their list anew and go on with it.
   * @param condition what else must hold, with its values.
   * @param remove attributes to remove with it.
   */
  async #apply(event: GatedEvent, condition?: string, values: Item = {}, remove: readonly string[] = []) {
    const and = condition === undefined ? '' : `${condition} AND `;
    const extraValues = { ...values, ':event': text(event.facts.id) };
    const newest = await this.#write(event, {
      ...this.#applied(event, [...remove, TIES]),
      ConditionExpression: `${and}${IS_NEW}`,
      extraValues,
    });
    if ('attributes' in newest) return newest;
    const subject = readSubject(newest.old);
    if (rankOf(subject, candidateOf(event)) !== 'tie') return newest;
    const { UpdateExpression, ...update } = this.#applied(event, remove);
    // The first of them is known as the last one alone until the second comes. Whoever is that by now has been applied, too.
    const ties = [subject?.eventId, event.facts.id].flatMap((id) => id || []);
    return this.#write(event, {
      ...update,
      UpdateExpression: `${UpdateExpression} ADD ${TIES} :ties`,
      ConditionExpression: `${and}${IS_TIE}`,
      extraValues: { ...extraValues, ':ties': { SS: ties }, ':maxTies': number(MAX_TIES) },
    });
  }

  /** The update that applies an event. @param remove further attributes to remove. */
  #applied(event: GatedEvent, remove: readonly string[] = []) {
    const now = this.#now();
    // An event that is its own subject is of no use after its ledger entry has gone, and has nothing before it.
    const own = event.facts.subject === event.facts.id && !event.facts.ordered;
    const expiresAt = own ? this.#expiry() : undefined;
    const applied = appliedAttributes(event, now, expiresAt, this.#format);
    return updateExpression(applied.set, [...applied.remove, ...remove], own ? undefined : REMEMBER_LAST);
  }

  /** Epoch seconds. */
  #expiry(): number {
    return Math.floor(this.#now() / 1000) + this.#retentionSeconds;
  }

  #target(event: GatedEvent) {
    return { client: this.#client, table: this.#table, id: subjectId(event), what: 'The subject' };
  }

  /** @throws NewerFormatError when a newer release has written the subject, which stays as it is. */
  #write(event: GatedEvent, { extraValues, ExpressionAttributeValues, ...update }: SubjectUpdate) {
    const values = { ...ExpressionAttributeValues, ...extraValues };
    return updateReadable(this.#target(event), { ...update, ExpressionAttributeValues: values });
  }
}

/** What `updateExpression` gives, or an expression of its own, with the values that the condition takes beside it. */
type SubjectUpdate = Omit<Update, 'ExpressionAttributeValues'> &
  Partial<Pick<Update, 'ExpressionAttributeValues'>> & { readonly extraValues: Item };
