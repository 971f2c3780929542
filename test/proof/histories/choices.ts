/** Who decides at every fork of a history. A history is its numbers: the same numbers give the same history. */
export interface Choices {
  /** A number below `options`; 0 is what happens when nothing goes wrong. */
  pick(options: number): number;
  /** The numbers so far. */
  readonly taken: readonly number[];
}

/** Takes the numbers given, then 0 for ever. */
export class Replay implements Choices {
  readonly taken: number[] = [];
  readonly widths: number[] = [];
  readonly #given: readonly number[];

  constructor(given: readonly number[]) {
    this.#given = given;
  }

  pick(options: number): number {
    const wanted = this.#given[this.taken.length] ?? 0;
    const chosen = Math.min(wanted, options - 1);
    this.taken.push(chosen);
    this.widths.push(options);
    return chosen;
  }

  /** Every branch that leaves this history behind what was given, by one choice. */
  get branches(): readonly (readonly number[])[] {
    const from = this.#given.length;
    return this.widths
      .slice(from)
      .flatMap((width, offset) =>
        Array.from({ length: width - 1 }, (_, chosen) => [...this.taken.slice(0, from + offset), chosen + 1]),
      );
  }

  /** The next branch, depth first; undefined when all have been taken. */
  next(): readonly number[] | undefined {
    for (let at = this.taken.length - 1; at >= 0; at--) {
      const chosen = this.taken[at] ?? 0;
      if (chosen + 1 < (this.widths[at] ?? 0)) return [...this.taken.slice(0, at), chosen + 1];
    }
    return undefined;
  }
}

/** Mostly 0, now and then anything, from a seed. */
export class Seeded implements Choices {
  readonly taken: number[] = [];
  readonly #random: () => number;
  readonly #calm: number;

  /** Some seeds disturb early and often, others seldom, so that trouble falls anywhere in a history. */
  constructor(seed: number) {
    this.#random = mulberry32(seed);
    this.#calm = 0.6 + this.#random() * 0.37;
  }

  pick(options: number): number {
    const chosen = this.#random() < this.#calm ? 0 : Math.floor(this.#random() * options);
    this.taken.push(chosen);
    return chosen;
  }
}

/** A small generator with a good enough spread (https://github.com/cprosche/mulberry32). */
function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
