import { appendFileSync, readFileSync } from 'node:fs';

/** What became of one handler's runs for one event. */
export interface Runs {
  /** Runs that have begun, without those that an operator forced. */
  begun: number;
  forced: number;
  /** Runs that have come to their end. */
  done: number;
  /** How often the store of effects said that it had not known the key. */
  effects: number;
  gaveUp: boolean;
  altered: boolean;
  failed: number;
  hung: number;
}

export type Step = keyof Runs;

/**
 * A file in which handlers write down what they do, line by line and at once, so that it survives the process that is
 * killed. It stands for the world outside.
 */
export class RunsFile {
  readonly #file: string;
  readonly #runs: Map<string, Runs>;

  constructor(file: string) {
    this.#file = file;
    this.#runs = readRuns(file);
  }

  /** @returns what is known of the event now. */
  note(key: string, step: Step): Readonly<Runs> {
    appendFileSync(this.#file, `${step} ${key}\n`);
    return count(this.#runs, key, step);
  }
}

/** Every event's runs, by idempotency key. */
export function readRuns(file: string): Map<string, Runs> {
  const runs = new Map<string, Runs>();
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    const end = line.indexOf(' ');
    // The last line may be cut off by the kill.
    if (end > 0) count(runs, line.slice(end + 1), line.slice(0, end) as Step);
  }
  return runs;
}

function count(runs: Map<string, Runs>, key: string, step: Step): Runs {
  const known = runs.get(key) ?? {
    begun: 0,
    forced: 0,
    done: 0,
    effects: 0,
    gaveUp: false,
    altered: false,
    failed: 0,
    hung: 0,
  };
  if (step === 'gaveUp' || step === 'altered') known[step] = true;
  else known[step] += 1;
  runs.set(key, known);
  return known;
}
