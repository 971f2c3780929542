import { DeleteItemCommand, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { numberOf } from '../../../functions/aws/dynamodb.ts';
import { Gate } from '../../../functions/store/gate/gate.ts';
import { Inbox } from '../../../functions/store/inbox.ts';
import { claimItem, ledgerId } from '../../../functions/store/ledger/entry.ts';
import { Ledger } from '../../../functions/store/ledger/ledger.ts';
import { explain, findShortest, reduce, type Wanted } from './explore.ts';
import type { Limits } from './moves.ts';
import { scenarioNamed } from './scenarios.ts';
import type { World } from './world.ts';

/** A mistake that others have made, put into the real classes from outside. */
export interface Variant {
  readonly name: string;
  /** Where it must be noticed. */
  readonly scenario: string;
  readonly limits: Limits;
  /** What it leads to in the end. */
  readonly leadsTo: RegExp;
  /** @returns what takes the mistake out again. */
  apply(world: World): () => void;
}

/** Histories within which a mistake must be noticed. */
const MOST = 1_000;

/** Replaces methods of a class until told otherwise. */
function replace<T extends object>(prototype: T, methods: Partial<T>): () => void {
  const before = Object.fromEntries(Object.keys(methods).map((name) => [name, prototype[name as keyof T]]));
  Object.assign(prototype, methods);
  return () => void Object.assign(prototype, before);
}

const { claim, settle } = Ledger.prototype;
const { send } = Inbox.prototype;
const { acquire, commit, release } = Gate.prototype;

export const variants: readonly Variant[] = [
  {
    name: 'an outcome is reported that was refused',
    scenario: 'worker-twins',
    limits: { faults: 0, switches: 1 },
    leadsTo: /and wrote it 0 times/,
    apply: () =>
      replace(Ledger.prototype, {
        async settle(...settlement) {
          await settle.apply(this, settlement);
          return true;
        },
      }),
  },
  {
    name: 'a claim answers "duplicate" while it is not confirmed',
    scenario: 'ingest-copies',
    limits: { faults: 1, switches: 1 },
    leadsTo: /acknowledged and is claimed/,
    apply: () =>
      replace(Ledger.prototype, {
        async claim(entry, signal) {
          const claimed = await claim.call(this, entry, signal);
          return claimed.claim === 'unconfirmed' ? { claim: 'duplicate' } : claimed;
        },
      }),
  },
  {
    name: 'a claim is deleted on an error',
    scenario: 'ingest-copies',
    limits: { faults: 1, switches: 1 },
    // The worker writes an entry anew that is gone, so it is not lost any more; until then it counts nowhere.
    leadsTo: /from queued to undefined/,
    apply: ({ setup }) =>
      replace(Inbox.prototype, {
        async send(envelope, signal, delay) {
          try {
            await send.call(this, envelope, signal, delay);
          } catch (error) {
            const Key = { id: { S: ledgerId(envelope.source, envelope.id) } };
            await setup.dynamodb.send(new DeleteItemCommand({ TableName: setup.tables.ledger, Key }));
            throw error;
          }
        },
      }),
  },
  {
    name: 'look-up, then insert',
    scenario: 'ingest-copies',
    limits: { faults: 1, switches: 1 },
    leadsTo: /from queued to claimed/,
    apply: ({ setup }) =>
      replace(Ledger.prototype, {
        async claim(entry) {
          const TableName = setup.tables.ledger;
          const Key = { id: { S: ledgerId(entry.source, entry.id) } };
          const { Item } = await setup.dynamodb.send(
            new GetItemCommand({ TableName, Key, ConsistentRead: true }),
          );
          if (Item) return { claim: Item.state?.S === 'claimed' ? 'unconfirmed' : 'duplicate' };
          await setup.dynamodb.send(new PutItemCommand({ TableName, Item: claimItem(entry, 4_000_000_000) }));
          return { claim: 'new' };
        },
      }),
  },
  {
    name: 'commit before the handler',
    scenario: 'worker-effects',
    limits: { faults: 1, switches: 0 },
    leadsTo: /effect happened 0 times/,
    apply: () =>
      replace(Gate.prototype, {
        async acquire(event, leaseUntil) {
          const acquired = await acquire.call(this, event, leaseUntil);
          if (acquired.verdict === 'apply') await commit.call(this, event, acquired.fence);
          return acquired;
        },
        commit: async () => true,
      }),
  },
  {
    name: 'a gate without the fencing number',
    scenario: 'worker-two',
    limits: { faults: 1, switches: 1 },
    leadsTo: /effect happened 0 times/,
    apply: (world) => {
      const current = async ({ source, facts }: Parameters<Gate['commit']>[0]) =>
        numberOf(world.watch.subjects.get(`${source}#${facts.subject}`)?.fence) ?? 0;
      return replace(Gate.prototype, {
        async commit(event) {
          return commit.call(this, event, await current(event));
        },
        async release(event) {
          await release.call(this, event, await current(event));
        },
      });
    },
  },
  {
    name: 'acknowledged before it is queued',
    scenario: 'ingest-copies',
    limits: { faults: 1, switches: 1 },
    leadsTo: /acknowledged and is/,
    apply: () =>
      replace(Inbox.prototype, {
        async send(envelope, signal, delay) {
          send.call(this, envelope, signal, delay).catch(() => {});
        },
      }),
  },
];

/** The shortest trace on which a variant is noticed, or undefined when it is not. */
export async function catchVariant(world: World, variant: Variant): Promise<string | undefined> {
  const scenario = scenarioNamed(variant.scenario);
  const undo = variant.apply(world);
  try {
    const { limits, leadsTo } = variant;
    const wanted: Wanted = (violations) => violations.some((violation) => leadsTo.test(violation));
    const failure = await findShortest(world, scenario, limits, MOST, wanted);
    return failure && explain(scenario, limits, await reduce(world, scenario, limits, failure, wanted));
  } finally {
    undo();
  }
}
