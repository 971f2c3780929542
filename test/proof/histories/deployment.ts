import type { Move, Party } from './moves.ts';

/** A new configuration, deployed once at any step. Who is at work goes on with the old one. */
export class Deployment implements Party {
  readonly #deploy: () => void;
  #done = false;

  constructor(deploy: () => void) {
    this.#deploy = deploy;
  }

  starts(calm: boolean): readonly Move[] {
    if (calm || this.#done) return [];
    const run = () => {
      this.#done = true;
      this.#deploy();
    };
    return [{ label: `${'(deployment)'.padEnd(14)} another configuration`, cost: 'fault', run }];
  }
}
