import { ApiError } from '../../../functions/api/api-error.ts';
import { type ApiParts, createApiParts } from '../../../functions/api/parts.ts';
import { reclaimEvent } from '../../../functions/api/reclaim.ts';
import { redrive } from '../../../functions/api/redrive.ts';
import { replayEvent } from '../../../functions/api/replay.ts';
import type { InletConfig } from '../../../functions/config/config.ts';
import { GIVEN_UP, isOneOf, State } from '../../../functions/core/states.ts';
import type { Actor } from './actor.ts';
import type { History } from './history.ts';
import type { Move, Party } from './moves.ts';
import { QUEUES } from './topology.ts';

/**
 * Redrives what is dead, several times at once if asked, has handlers run again, and replays what a call that failed left
 * behind.
 */
export class Operator implements Party {
  readonly #history: History;
  readonly #config: () => InletConfig;
  readonly #source: string;
  readonly #id: string;
  readonly #running: { actor: Actor; result: () => boolean | undefined }[] = [];
  #redrives: number;
  #replays: number;
  #forces: number;
  #reclaims: number;
  #failures = 0;
  #calls = 0;

  constructor(
    history: History,
    on: {
      source: string;
      id: string;
      redrives: number;
      replays: number;
      forces?: number;
      reclaims?: number;
    },
    /** The configuration that is deployed at the moment. */
    config: () => InletConfig,
  ) {
    this.#history = history;
    this.#config = config;
    this.#source = on.source;
    this.#id = on.id;
    this.#redrives = on.redrives;
    this.#replays = on.replays;
    this.#forces = on.forces ?? 0;
    this.#reclaims = on.reclaims ?? 0;
  }

  #parts(): ApiParts {
    const setup = { ...this.#history.world.setup, config: this.#config() };
    return createApiParts({ ...setup, deadLetterQueueUrl: QUEUES.deadLetters.url });
  }

  async observe(): Promise<void> {
    for (const run of this.#running.filter(({ actor }) => actor.crashed || actor.finished)) {
      this.#running.splice(this.#running.indexOf(run), 1);
      if (run.result() !== true) this.#failures++;
    }
  }

  starts(): readonly Move[] {
    const { state } = this.#history.world.watch.ledger.get(`${this.#source}#${this.#id}`) ?? {};
    const isDead = isOneOf(GIVEN_UP, state?.S ?? '');
    const moves: Move[] = [];
    if (this.#redrives > 0 && isDead) {
      moves.push(
        this.#move(
          'redrive',
          () => this.#redrives--,
          async () => {
            const result = await redrive(this.#parts(), { states: GIVEN_UP, dryRun: false });
            return result.failed.length === 0;
          },
        ),
      );
    }
    if (this.#forces > 0 && state?.S === State.applied) {
      const count = () => this.#forces--;
      moves.push(this.#move('force', count, () => this.#replay(true)));
    }
    if (this.#reclaims > 0 && (state?.S === 'queued' || state?.S === 'retrying')) {
      const count = () => this.#reclaims--;
      moves.push(this.#move('reclaim', count, () => this.#reclaim()));
    }
    const again = this.#failures > 0;
    if (again || this.#replays > 0) {
      const count = () => (again ? this.#failures-- : this.#replays--);
      moves.push(this.#move('replay', count, () => this.#replay()));
    }
    return moves;
  }

  /** A refusal (nothing archived yet) is an answer: the operator leaves it at that. */
  async #replay(force = false): Promise<boolean> {
    try {
      await replayEvent(this.#parts(), this.#source, this.#id, { force });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
    }
    return true;
  }

  /** Whether its message is lost nobody knows: here it never is, so that there are two copies. */
  async #reclaim(): Promise<boolean> {
    try {
      await reclaimEvent({ ...this.#parts(), countsSettleMs: 0 }, this.#source, this.#id);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
    }
    return true;
  }

  #move(name: string, count: () => void, work: () => Promise<boolean>): Move {
    const run = () => {
      count();
      this.#running.push(this.#history.spawn(`${name}.${++this.#calls}`, work));
    };
    return { label: '', cost: 'free', run };
  }
}
