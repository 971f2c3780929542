import type { Attempt } from '../core/fate.ts';
import type { Place } from '../core/place.ts';
import type { EntryGate } from '../gate/entry-gate.ts';
import type { Acquired, Gate, GatedEvent, Refused } from '../gate/gate.ts';
import type { NewEntry } from '../ledger/entry.ts';
import { afterRefusal, applied } from './project.ts';

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

/** By the order of its subject: the commit is a write of the gate. @param force id of an operator's request. */
export function throughSubject(gate: Gate, gated: GatedEvent, force: string | undefined): Passage {
  return {
    acquire: (leaseUntil) =>
      force === undefined ? gate.acquire(gated, leaseUntil) : gate.acquireAgain(gated, force, leaseUntil),
    refused: (why) => afterRefusal(gated, why),
    async succeed(fence) {
      const committed =
        force === undefined ? await gate.commit(gated, fence) : await gate.finishAgain(gated, force, fence);
      // Our lease had run out and somebody else took over: the gate tells the next attempt what became of it.
      return committed ? applied(gated) : { end: 'lease-lost' };
    },
    async fail(fence, attempt) {
      await gate.release(gated, fence);
      return attempt;
    },
    hang: (_, attempt) => attempt,
  };
}

/**
 * By itself: the outcome and the failure are written under the fence, and are commit and release.
 * @param options `isBegun`: an attempt was probably made before; `elsewhere`: the passage at another place, where the event was moved to one since its message was sent.
 */
export function throughEntry(
  gate: EntryGate,
  entry: NewEntry,
  gated: GatedEvent,
  {
    force,
    isBegun,
    elsewhere,
  }: {
    readonly force: string | undefined;
    readonly isBegun: boolean;
    readonly elsewhere: (place: Place) => Passage;
  },
): Passage {
  const refused: Passage['refused'] = (why) =>
    why.verdict === 'held' ? { end: 'held', until: why.until } : { end: 'settled-before' };
  if (force === undefined) {
    let moved: Passage | undefined;
    return {
      async acquire(leaseUntil) {
        const acquired = await gate.acquire(entry, leaseUntil, isBegun);
        if (acquired.verdict !== 'moved') return acquired;
        moved = elsewhere(acquired.place);
        return moved.acquire(leaseUntil);
      },
      refused: (why) => moved?.refused(why) ?? refused(why),
      succeed: async (fence) => moved?.succeed(fence) ?? { ...applied(gated), fence },
      fail: async (fence, attempt) => moved?.fail(fence, attempt) ?? { ...attempt, fence },
      hang: (fence, attempt) => (moved ? moved.hang(fence, attempt) : { ...attempt, fence }),
    };
  }
  return {
    acquire: (leaseUntil) => gate.acquireAgain(entry, force, leaseUntil),
    refused,
    succeed: async (fence) =>
      (await gate.finishAgain(entry, force, fence)) ? applied(gated) : { end: 'lease-lost' },
    async fail(fence, attempt) {
      await gate.release(entry, fence);
      return attempt;
    },
    hang: (_, attempt) => attempt,
  };
}

/** What is done besides: the subject is held for one handler at a time (`serial`), its newest state kept (`keepState`). */
export function besideSubject(
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
        const held = await gate.hold(gated, leaseUntil);
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
