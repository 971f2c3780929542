/**
 * The gate of an event that passes by itself: its own entry in the ledger, so that no other event can be in its way. A
 * handler takes the entry's lease and a fencing number, and the outcome, which requires that number, is the commit
 * (`Ledger.settle`). `docs/decisions/0052-own-gate.md` has the rules.
 */
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { type Item, number, numberOf, text } from '../../aws/dynamodb.ts';
import { decideByItself, decideForcedByItself, type OwnEntry } from '../../core/decide.ts';
import { UnavailableError } from '../../core/errors.ts';
import { GIVEN_UP, State, WRITES } from '../../core/states.ts';
import { NO_LIVE_LEASE } from '../lease.ts';
import { type NewEntry, placeOfItem } from '../ledger/entry.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { isIn, updateEntry } from '../ledger/update-entry.ts';
import { newToken } from '../token.ts';
import type { Update } from '../update-readable.ts';
import { type Acquired, acquired, type Refused, refused, unlessOurs } from './answers.ts';
import { NOT_FORCED_YET } from './conditions.ts';
import { carriedOut, isCarriedOut, released } from './endings.ts';
import { withNextFence } from './fence.ts';
import { forcedOf } from './subject.ts';

/** The states that a lease leaves as they are: those from which the event may be applied, less the claim. */
const BEGUN = [State.queued, State.retrying, ...GIVEN_UP];

export class EntryGate {
  readonly #client: DynamoDBClient;
  readonly #table: string;
  readonly #ledger: Pick<Ledger, 'claim'>;
  readonly #retentionSeconds: number;
  readonly #now: () => number;

  /** `now` in epoch milliseconds. */
  constructor(
    client: DynamoDBClient,
    table: string,
    ledger: Pick<Ledger, 'claim'>,
    retentionSeconds: number,
    now: () => number,
  ) {
    this.#client = client;
    this.#table = table;
    this.#ledger = ledger;
    this.#retentionSeconds = retentionSeconds;
    this.#now = now;
  }

  /**
   * Reserves an event for its handler until `leaseUntil` (epoch milliseconds), and confirms its claim with the same write.
   * @param entry of the message: where there is none any more it is claimed anew.
   * @param isBegun whether an attempt was probably made before: a guess, which saves a write that is refused.
   * @returns `moved` where the entry says that its event passes by its subject: it was redriven under another configuration.
   */
  async acquire(entry: NewEntry, leaseUntil: number, isBegun = false): Promise<Acquired | Refused> {
    const token = newToken();
    let confirms = !isBegun;
    // As often as the entry can turn out to be in another state: gone, then a claim, or begun by an earlier attempt.
    for (let turn = 0; turn < 4; turn++) {
      const { clause, values } = isIn(confirms ? WRITES.acquire.from : BEGUN);
      const written = await this.#lease(entry, token, leaseUntil, {
        set: `${confirms ? '#state = :queued, ' : ''}gate = :gate, `,
        // Whoever decides first that it passes here has decided.
        condition: `${clause} AND (gate = :gate OR attribute_not_exists(subject))`,
        values: { ...values, ':gate': text('entry'), ...(confirms && { ':queued': text(State.queued) }) },
      });
      if ('attributes' in written) return acquired(written.attributes);
      const { old } = written;
      if (!old) {
        await this.#ledger.claim(entry);
        continue;
      }
      const verdict = decideByItself(readOwn(old), this.#now());
      if (verdict.verdict !== 'apply') return unlessOurs(verdict, old, token);
      const place = placeOfItem(old);
      if (place && place.gate !== 'entry') return { verdict: 'moved' };
      confirms = old.state?.S === State.claimed;
    }
    throw new UnavailableError('entry');
  }

  /** Reserves an applied event for running its handler again, once for each request `force`. */
  async acquireAgain(entry: NewEntry, force: string, leaseUntil: number): Promise<Acquired | Refused> {
    const token = newToken();
    const { clause, values } = isIn([State.applied]);
    const written = await this.#lease(entry, token, leaseUntil, {
      set: '',
      condition: `${clause} AND ${NOT_FORCED_YET}`,
      values: { ...values, ':force': text(force) },
    });
    // What has failed before it was applied does not count: the message of the request does.
    if ('attributes' in written) return { ...acquired(written.attributes), failures: undefined };
    const { old } = written;
    return unlessOurs(refused(decideForcedByItself(readOwn(old ?? {}), force, this.#now())), old, token);
  }

  /**
   * Marks the request `force` as carried out.
   * @returns false when somebody else has acquired the event meanwhile.
   */
  async finishAgain({ source, id }: NewEntry, force: string, fence: number): Promise<boolean> {
    return isCarriedOut(await this.#update(source, id, carriedOut(force, fence)), force);
  }

  /** Gives an event back whose attempt has left no other trace. */
  async release({ source, id }: NewEntry, fence: number): Promise<void> {
    await this.#update(source, id, released(fence));
  }

  #lease(
    { source, id }: NewEntry,
    token: string,
    leaseUntil: number,
    { set, condition, values }: { readonly set: string; readonly condition: string; readonly values: Item },
  ) {
    const now = this.#now();
    return withNextFence(now, (fence) =>
      this.#update(source, id, {
        UpdateExpression: `SET ${set}leaseUntil = :leaseUntil, leaseToken = :token, seenAt = :now, expiresAt = :expiresAt, ${fence.set}`,
        ConditionExpression: `${condition} AND ${NO_LIVE_LEASE} AND ${fence.condition}`,
        ExpressionAttributeValues: {
          ':leaseUntil': number(leaseUntil),
          ':token': text(token),
          ':now': number(now),
          ':expiresAt': number(Math.floor(now / 1000) + this.#retentionSeconds),
          ...fence.values,
          ...values,
        },
        // Its attempts, too, which this leaves as they are.
        ReturnValues: 'ALL_NEW',
      }),
    );
  }

  #update(source: string, id: string, update: Update) {
    return updateEntry({ client: this.#client, table: this.#table }, source, id, update);
  }
}

/** What an item of the ledger says, as far as it decides. */
export function readOwn(item: Item): OwnEntry {
  return { state: item.state?.S, leaseUntil: numberOf(item.leaseUntil), forced: forcedOf(item) };
}
