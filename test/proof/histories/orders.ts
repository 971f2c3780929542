/** In which order the branches of all histories are taken. */
import type { Replay } from './choices.ts';

type Branch = readonly number[];

/** Each branch after the one next to it: needs no memory, and is for going through all of them. */
export class DepthFirst {
  #next: Branch | undefined = [];

  next(): Branch | undefined {
    return this.#next;
  }

  took(choices: Replay): void {
    this.#next = choices.next();
  }

  get isEmpty(): boolean {
    return this.#next === undefined;
  }
}

/** Those that leave the ordinary course early come first: for as many as there is time for. */
export class EarliestFirst {
  readonly #byLength: Branch[][] = [[[]]];
  #shortest = 0;

  next(): Branch | undefined {
    while (this.#shortest < this.#byLength.length && this.#byLength[this.#shortest]?.length === 0)
      this.#shortest++;
    return this.#byLength[this.#shortest]?.shift();
  }

  took(choices: Replay): void {
    for (const branch of choices.branches) {
      while (this.#byLength.length <= branch.length) this.#byLength.push([]);
      this.#byLength[branch.length]?.push(branch);
    }
  }

  get isEmpty(): boolean {
    return this.#byLength.every((branches) => branches.length === 0);
  }
}
