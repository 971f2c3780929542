import type { Item } from '../../../functions/aws/dynamodb.ts';
import type { TableNames } from '../../../functions/core/names.ts';
import { compareRevisions } from '../../../functions/core/revisions.ts';
import { GIVEN_UP, IN_FLIGHT, isOneOf, isTransition, State } from '../../../functions/core/states.ts';
import type { Actor } from './actor.ts';

/** The part of a DynamoDB write that matters here. */
export interface Write {
  readonly TableName?: string;
  readonly Key?: Item;
  readonly Item?: Item;
  readonly UpdateExpression?: string;
  readonly ExpressionAttributeValues?: Item;
}

/** Reads an item as it is now; binary attributes as base64. */
export type ReadItem = (table: string, id: string) => Promise<Item | undefined>;

/** An entry that went from one state to another, by whom, and whether that one was told. */
export interface Change {
  readonly id: string;
  readonly from: string | undefined;
  readonly to: string | undefined;
  readonly by: Actor | undefined;
  answered: boolean;
}

/** Looks at the tables after every single write and remembers what must not have happened. */
export class Watch {
  readonly violations: string[] = [];
  /** How often an event passed its gate, by ledger id: its subject took its revision, or its own entry became applied. */
  readonly applied = new Map<string, number>();
  /** Current items by id. */
  readonly ledger = new Map<string, Item>();
  readonly subjects = new Map<string, Item>();
  /** Every change of an entry's state, in order. */
  readonly changes: Change[] = [];
  /** Who has received an event since it was last redriven, by ledger id: once for every message. */
  readonly attempts = new Map<string, Actor[]>();
  /** Everything written, to be cleared away: table and id. */
  readonly touched = new Map<string, Set<string>>();
  /** State of entries whose time was over when they were deleted or claimed anew. */
  readonly expired = new Map<string, string>();
  readonly expiredEnvelopes = new Set<string>();
  /** The last lease that a handler took for an event, by ledger id: on its entry or on its subject. */
  readonly #ofEvent = new Map<
    string,
    { what: string; token: string; until: number; fence: number; by: Actor }
  >();
  /** Events by themselves whose state was kept, which is after their handler has succeeded, by ledger id. */
  readonly #kept = new Set<string>();
  /** The tokens of the leases that are there, by item. */
  readonly #tokens = new Map<string, string | undefined>();
  /** Who has taken a lease, by its token. */
  readonly #holders = new Map<string, Actor>();
  /** Every fencing number given out, with whose it is. */
  readonly #fences = new Set<string>();
  readonly #expiry = new Map<string, { readonly table: string; readonly id: string; readonly at: number }>();
  readonly #read: ReadItem;
  readonly #now: () => number;
  readonly #tables: TableNames;

  constructor(read: ReadItem, tables: TableNames, now: () => number) {
    this.#read = read;
    this.#now = now;
    this.#tables = tables;
  }

  /**
   * To be called when a write has succeeded and nothing else has happened since.
   * @returns the change of state that it made.
   */
  async saw(write: Write, by?: Actor): Promise<Change | undefined> {
    const table = write.TableName;
    const id = (write.Key ?? write.Item)?.id?.S;
    if (table === undefined || id === undefined) return undefined;
    const item = await this.#read(table, id);
    this.touch(table, id, item);
    if (table === this.#tables.ledger) return this.#sawEntry(id, item, by, write);
    if (table === this.#tables.subjects) this.#sawSubject(id, write, item, by);
    return undefined;
  }

  /** Items that expire, with the first millisecond at which they have. */
  get expiring(): readonly { readonly table: string; readonly id: string; readonly at: number }[] {
    return [...this.#expiry.values()];
  }

  /** To be called when DynamoDB has deleted an expired item. */
  deleted(table: string, id: string): void {
    this.#expiry.delete(`${table} ${id}`);
    const state = this.ledger.get(id)?.state?.S;
    if (table === this.#tables.ledger && state !== undefined) {
      this.expired.set(id, state);
      this.ledger.delete(id);
    }
    if (table === this.#tables.subjects) this.subjects.delete(id);
    if (table === this.#tables.archive) this.expiredEnvelopes.add(id);
  }

  /** Somebody has received the message of an event. */
  received(id: string, by: Actor): void {
    this.attempts.set(id, [...(this.attempts.get(id) ?? []), by]);
  }

  /** @param item what is there now. */
  touch(table: string, id: string, item?: Item): void {
    const at = Number(item?.expiresAt?.N ?? Number.NaN) * 1000 + 1000;
    if (Number.isNaN(at)) this.#expiry.delete(`${table} ${id}`);
    else this.#expiry.set(`${table} ${id}`, { table, id, at });
    const ids = this.touched.get(table) ?? new Set();
    this.touched.set(table, ids.add(id));
  }

  #sawEntry(id: string, item: Item | undefined, by: Actor | undefined, write: Write): Change | undefined {
    const old = this.ledger.get(id);
    // A claim may take the place of what is over and not deleted yet.
    const isOver = write.Item !== undefined && Number(old?.expiresAt?.N) * 1000 < this.#now();
    if (isOver && old) this.deleted(this.#tables.ledger, id);
    const before = isOver ? undefined : old?.state?.S;
    const after = item?.state?.S;
    if (item) this.ledger.set(id, item);
    else this.ledger.delete(id);
    this.#sawLease(`the entry ${id}`, isOver ? undefined : old, item, by, id);
    // A batch that was marked to be split again has been: its outcome is written once more.
    const isAgain = old?.redriving !== undefined && item?.redriving === undefined && after === State.split;
    if (before === after && !isAgain) return undefined;
    const change = { id, from: before, to: after, by, answered: false };
    this.changes.push(change);
    const isMoved = item?.gate === undefined && this.#kept.has(id) && !this.applied.has(id);
    if (after === State.applied && (item?.gate?.S === 'entry' || isMoved)) this.#sawApplied(id, false);
    if (before === undefined || before === after) return change;
    const isReclaimed = isOneOf(IN_FLIGHT, before) && after === State.claimed;
    if (isReclaimed || (isOneOf(GIVEN_UP, before) && after === State.queued)) {
      // Counted from nought by those who are still at it and those who come.
      const still = (this.attempts.get(id) ?? []).filter(({ alive }) => alive);
      this.attempts.set(id, still);
    }
    // An operator's reclaim says so; nothing else makes a claim of what is in flight.
    const isSaid = !isReclaimed || item?.reclaimedAt?.N !== old?.reclaimedAt?.N;
    if (after === undefined || !isTransition(before as State, after as State) || !isSaid)
      this.violations.push(`the ledger entry ${id} went from ${before} to ${after}`);
    return change;
  }

  #sawSubject(id: string, write: Write, item: Item | undefined, by: Actor | undefined): void {
    const old = this.subjects.get(id);
    const holder = `${id.slice(0, id.indexOf('#'))}#${item?.leaseEvent?.S}`;
    // What is held besides asks for no revision, and has no handler of its own.
    const isHold = write.ExpressionAttributeValues?.[':revision'] === undefined;
    this.#sawLease(`the subject ${id}`, old, item, by, isHold ? undefined : holder);
    const before = old?.revision?.N;
    const after = item?.revision?.N;
    if (item) this.subjects.set(id, item);
    if (before !== undefined && (after === undefined || compareRevisions(after, before) < 0)) {
      this.violations.push(`the subject ${id} went from revision ${before} to ${after}`);
    }
    const { ':eventId': newest, ':event': about } = write.ExpressionAttributeValues ?? {};
    // Applied without becoming what the subject shows: a newer state had been kept while its handler was at work.
    const isBehind = newest === undefined && item?.recent1?.S !== old?.recent1?.S;
    const event = isBehind ? about?.S : newest?.S;
    if (event === undefined) return;
    const key = `${id.slice(0, id.indexOf('#'))}#${event}`;
    // What is kept besides is no passage, but for an event that a redrive moves here afterwards.
    if (this.ledger.get(key)?.gate?.S === 'entry') {
      this.#kept.add(key);
      return;
    }
    // What expired everywhere is new when it comes again.
    const isGone = before === undefined && this.expired.has(key);
    this.#sawApplied(key, isGone && this.ledger.get(key)?.state?.S !== State.applied);
  }

  #sawApplied(key: string, isNew: boolean): void {
    const times = (this.applied.get(key) ?? 0) + 1;
    this.applied.set(key, times);
    if (times > 1 && !isNew && !this.expired.has(key))
      this.violations.push(`${key} was applied ${times} times`);
  }

  /**
   * A lease that has not run out is its holder's alone, and no fencing number is given out twice.
   * @param event whose handler it is for, by ledger id.
   */
  #sawLease(
    what: string,
    old: Item | undefined,
    item: Item | undefined,
    by: Actor | undefined,
    event: string | undefined,
  ): void {
    const [before, after] = [old?.leaseToken?.S, item?.leaseToken?.S];
    this.#tokens.set(what, after);
    if (before === after) return;
    const isLive = before !== undefined && Number(old?.leaseUntil?.N) >= this.#now();
    if (isLive && this.#holders.get(before) !== by)
      this.violations.push(`${what} lost its lease to ${by?.name}, which did not hold it`);
    if (after === undefined || !by) return;
    this.#holders.set(after, by);
    const fence = `${what} ${item?.fence?.N}`;
    if (this.#fences.has(fence)) this.violations.push(`${what} gave out the fence ${item?.fence?.N} twice`);
    this.#fences.add(fence);
    if (event !== undefined) {
      const [until, number] = [Number(item?.leaseUntil?.N), Number(item?.fence?.N)];
      this.#sawHandler(event, { what, token: after, until, fence: number, by });
    }
  }

  /** Wherever it passes, an event has one handler at a time, whose fencing number is no smaller than any before it. */
  #sawHandler(
    event: string,
    lease: { what: string; token: string; until: number; fence: number; by: Actor },
  ): void {
    const last = this.#ofEvent.get(event);
    this.#ofEvent.set(event, lease);
    if (!last) return;
    // A history may move an event within a millisecond.
    if (lease.fence < last.fence)
      this.violations.push(`the fence of ${event} went from ${last.fence} to ${lease.fence}`);
    const isLive = last.until >= this.#now() && this.#tokens.get(last.what) === last.token;
    if (isLive && last.what !== lease.what && last.by.alive)
      this.violations.push(`${event} has two handlers, on ${last.what} and on ${lease.what}`);
  }
}
