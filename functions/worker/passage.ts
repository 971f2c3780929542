import type { Attempt } from '../core/fate.ts';
import type { Acquired, Refused } from '../store/gate/answers.ts';
import type { EntryGate } from '../store/gate/entry-gate.ts';
import type { Gate, GatedEvent } from '../store/gate/gate.ts';
import { entryOf, type NewEntry } from '../store/ledger/entry.ts';
import { afterRefusal, applied } from './project.ts';
import type { Task } from './read-message.ts';

/** How the event of a handler passes: what is reserved before the handler runs, and what ends that. */
export interface Passage {
  /** @param leaseUntil epoch milliseconds. */
  acquire(leaseUntil: number): Promise<Acquired | Refused>;
  refused(why: Refused): Attempt;
  /** After the handler has succeeded. */
  succeed(fence: number): Promise<Attempt>;
  /** After the handler has failed, as the attempt says. */
  fail(fence: number, attempt: Attempt): Promise<Attempt>;
  /** After its time is up: it may still be running, so what is reserved stays so. */
  hang(fence: number, attempt: Attempt): Attempt;
}

/**
 * How the event of a message passes.
 * @param isBegun whether an attempt was probably made before.
 */
export function passageOf(
  { gate, entryGate }: { readonly gate: Gate; readonly entryGate: EntryGate },
  { source: { name, config }, envelope, facts, described }: Extract<Task, { kind: 'event' }>,
  isBegun: boolean,
): Passage {
  const { force } = envelope;
  const gated = { source: name, facts };
  if (facts.gate === 'subject' && facts.ordered) return throughSubject(gate, gated, force);
  const entry = entryOf(envelope);
  const single =
    facts.gate === 'subject'
      ? throughSubject(gate, gated, force)
      : force === undefined
        ? throughEntry(entryGate, entry, gated, isBegun)
        : againThroughEntry(entryGate, entry, gated, force);
  return besideSubject(single, gate, { source: name, facts: described }, config);
}

/** Between a lease and a write that ends it: the commit, or the release. */
function underLease(
  gated: GatedEvent,
  refused: Passage['refused'],
  acquire: Passage['acquire'],
  commit: (fence: number) => Promise<boolean>,
  release: (fence: number) => Promise<void>,
): Passage {
  return {
    acquire,
    refused,
    // Our lease had run out and somebody else took over: the gate tells the next attempt what became of it.
    succeed: async (fence) => ((await commit(fence)) ? applied(gated) : { end: 'lease-lost' }),
    async fail(fence, attempt) {
      await release(fence);
      return attempt;
    },
    hang: (_, attempt) => attempt,
  };
}

/** By the order of its subject: the commit is a write of the gate. @param force id of an operator's request. */
export function throughSubject(gate: Gate, gated: GatedEvent, force: string | undefined): Passage {
  return underLease(
    gated,
    (why) => afterRefusal(gated, why),
    (leaseUntil) => gate.acquire(gated, leaseUntil, force),
    (fence) => (force === undefined ? gate.commit(gated, fence) : gate.finishAgain(gated, force, fence)),
    (fence) => gate.release(gated, fence),
  );
}

/** Once more by itself, as an operator asks: its outcome stays. @param force id of the request. */
function againThroughEntry(gate: EntryGate, entry: NewEntry, gated: GatedEvent, force: string): Passage {
  return underLease(
    gated,
    (why) => afterRefusal(gated, why),
    (leaseUntil) => gate.acquireAgain(entry, force, leaseUntil),
    (fence) => gate.finishAgain(entry, force, fence),
    (fence) => gate.release(entry, fence),
  );
}

/**
 * By itself: the outcome and the failure are written under the fence, and are commit and release.
 * @param isBegun whether an attempt was probably made before.
 */
function throughEntry(gate: EntryGate, entry: NewEntry, gated: GatedEvent, isBegun: boolean): Passage {
  return {
    acquire: (leaseUntil) => gate.acquire(entry, leaseUntil, isBegun),
    refused: (why) =>
      why.verdict === 'held' ? { end: 'held', until: why.until } : { end: 'settled-before' },
    succeed: async (fence) => ({ ...applied(gated), fence }),
    fail: async (fence, attempt) => ({ ...attempt, fence }),
    hang: (fence, attempt) => ({ ...attempt, fence }),
  };
}

/** What is done besides: the subject is held for one handler at a time (`serial`), its newest state kept (`keepState`). */
function besideSubject(
  passage: Passage,
  gate: Gate,
  gated: GatedEvent,
  { serial = false, keepState = false }: { readonly serial?: boolean; readonly keepState?: boolean },
): Passage {
  let hold: string | undefined;
  const letGo = async () => {
    if (hold !== undefined) await gate.letGo(gated, hold);
    hold = undefined;
  };
  /** What fails leaves the subject to the next attempt. */
  const orLetGo = async <T>(step: Promise<T>): Promise<T> => {
    try {
      return await step;
    } catch (error) {
      await letGo();
      throw error;
    }
  };
  return {
    async acquire(leaseUntil) {
      // Without a subject it is alone.
      if (serial && gated.facts.subject !== gated.facts.id) {
        const held = await gate.hold(gated, leaseUntil, keepState);
        if ('verdict' in held) return held;
        hold = held.token;
      }
      const acquired = await orLetGo(passage.acquire(leaseUntil));
      if (acquired.verdict !== 'apply') await letGo();
      return acquired;
    },
    refused: passage.refused,
    async succeed(fence) {
      // Before the outcome, so that an event whose worker dies in between comes back and keeps it.
      if (keepState && gated.facts.ordered) await orLetGo(gate.keep(gated));
      await letGo();
      return passage.succeed(fence);
    },
    async fail(fence, attempt) {
      await letGo();
      return passage.fail(fence, attempt);
    },
    hang: passage.hang,
  };
}
