import { compareRevisions } from '../../functions/core/revisions.ts';
import type { Item } from '../../functions/shared/dynamodb.ts';
import type { TableNames } from '../../functions/shared/names.ts';
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

/** States that only an operator's redrive leaves. */
const GIVEN_UP = ['dead', 'quarantined'];
const FINAL = ['applied', 'stale', 'split'];

/** Looks at the tables after every single write and remembers what must not have happened. */
export class Watch {
  readonly violations: string[] = [];
  /** How often an event's revision was written to its subject, by ledger id. */
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
  readonly #read: ReadItem;
  readonly #tables: TableNames;

  constructor(read: ReadItem, tables: TableNames) {
    this.#read = read;
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
    this.touch(table, id);
    if (table === this.#tables.ledger) return this.#sawEntry(id, await this.#read(table, id), by);
    if (table === this.#tables.subjects) this.#sawSubject(id, write, await this.#read(table, id));
    return undefined;
  }

  /** Somebody has received the message of an event. */
  received(id: string, by: Actor): void {
    this.attempts.set(id, [...(this.attempts.get(id) ?? []), by]);
  }

  touch(table: string, id: string): void {
    const ids = this.touched.get(table) ?? new Set();
    this.touched.set(table, ids.add(id));
  }

  #sawEntry(id: string, item: Item | undefined, by: Actor | undefined): Change | undefined {
    const before = this.ledger.get(id)?.state?.S;
    const after = item?.state?.S;
    if (item) this.ledger.set(id, item);
    else this.ledger.delete(id);
    if (before === after) return undefined;
    const change = { id, from: before, to: after, by, answered: false };
    this.changes.push(change);
    if (before === undefined) return change;
    if (GIVEN_UP.includes(before) && after === 'queued') {
      // Counted from nought by those who are still at it and those who come.
      const still = (this.attempts.get(id) ?? []).filter(({ alive }) => alive);
      this.attempts.set(id, still);
    }
    const complain = () => this.violations.push(`the ledger entry ${id} went from ${before} to ${after}`);
    if (after === undefined || FINAL.includes(before)) complain();
    else if (GIVEN_UP.includes(before) && !['applied', 'queued', 'split'].includes(after)) complain();
    else if (after === 'claimed') complain();
    return change;
  }

  #sawSubject(id: string, write: Write, item: Item | undefined): void {
    const before = this.subjects.get(id)?.revision?.N;
    const after = item?.revision?.N;
    if (item) this.subjects.set(id, item);
    if (before !== undefined && (after === undefined || compareRevisions(after, before) < 0)) {
      this.violations.push(`the subject ${id} went from revision ${before} to ${after}`);
    }
    const event = write.ExpressionAttributeValues?.[':eventId']?.S;
    if (event === undefined) return;
    const key = `${id.slice(0, id.indexOf('#'))}#${event}`;
    const times = (this.applied.get(key) ?? 0) + 1;
    this.applied.set(key, times);
    if (times > 1) this.violations.push(`${key} was applied ${times} times`);
  }
}
