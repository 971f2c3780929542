import type { AsyncLocalStorage } from 'node:async_hooks';
import type { Handler } from '../../../functions/core/handler.ts';
import { type Actor, gateCall } from './actor.ts';
import { isEach, type SourceName } from './topology.ts';

/**
 * The world outside, in which a handler does something that no retry can undo. It honours what Inlet gives it:
 * a key that it knows does nothing, and a fencing number below one it has seen is refused.
 */
export class Outside {
  /** What happened, in order: idempotency keys. */
  readonly effects: string[] = [];
  readonly #fences = new Map<string, number>();
  readonly #actors: AsyncLocalStorage<Actor>;

  constructor(actors: AsyncLocalStorage<Actor>) {
    this.#actors = actors;
  }

  /** A handler that does one thing for each event. A refused fence is the world's affair: it returns as usual. */
  readonly handler: Handler = {
    name: 'effects',
    description: 'Does one thing in a world that honours key and fence.',
    handle: async (event, { idempotencyKey, fence }) => {
      const actor = this.#actors.getStore();
      if (!actor) throw new Error('handlers run in invocations only');
      const label = `the handler's effect ${idempotencyKey} fence=${fence}`;
      await gateCall(actor, { service: 'outside', label }, async () => ({
        value: undefined,
        note: this.#apply(
          isEach(event.source as SourceName) ? idempotencyKey : `${event.source}#${event.subject}`,
          idempotencyKey,
          fence,
        ),
      }));
    },
  };

  /** One whose every run fails. */
  readonly failing: Handler = {
    ...this.handler,
    handle: () => Promise.reject(new Error('the world outside is down')),
  };

  /** @param subject what the fence is about: with `each` the event itself. */
  #apply(subject: string, key: string, fence: number): string {
    if (fence < (this.#fences.get(subject) ?? 0)) return 'refused: an older fence';
    this.#fences.set(subject, fence);
    if (this.effects.includes(key)) return 'known: nothing to do';
    this.effects.push(key);
    return 'done';
  }
}
