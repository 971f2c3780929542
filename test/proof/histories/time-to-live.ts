import type { Move, Party } from './moves.ts';
import type { World } from './world.ts';

/** SQS keeps no message longer, so nobody comes back with one after that. */
const MOST_JUMP_MS = 14 * 86_400_000;

/**
 * DynamoDB's deletion of what has expired: at once, later, or within no history at all, which is how late it may be
 * (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/howitworks-ttl.html).
 */
export class TimeToLive implements Party {
  readonly #world: World;
  readonly #isBusy: () => boolean;

  /** @param isBusy while it is, no time goes by. */
  constructor(world: World, isBusy: () => boolean) {
    this.#world = world;
    this.#isBusy = isBusy;
  }

  starts(calm: boolean): readonly Move[] {
    if (calm || this.#isBusy()) return [];
    const { clock, watch } = this.#world;
    return watch.expiring.flatMap(({ table, id, at }): Move[] => {
      const what = `${table.replace('inlet-', '')} ${id}`;
      const remove = () => this.#world.expire(table, id);
      if (at < clock.now()) return [move(`deletes ${what}`, remove)];
      if (at - clock.now() > MOST_JUMP_MS) return [];
      return [
        move(`${what} expires and stays for now`, () => clock.advanceTo(at + 1)),
        move(`${what} expires and is deleted`, () => {
          clock.advanceTo(at + 1);
          return remove();
        }),
      ];
    });
  }
}

function move(label: string, run: Move['run']): Move {
  return { label: `${'(expiry)'.padEnd(14)} ${label}`, cost: 'fault', run };
}
