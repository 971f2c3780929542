/** What the drill changes of a stage, and how everything is put back: at its end, on Ctrl-C, and by `--undo`. */
import { CliError } from '../cli-error.ts';
import { concurrencyOf, configuredConcurrency, reserve } from './concurrency.ts';
import { eventSourceOf, switchEventSource } from './event-sources.ts';
import { goThrough, isForeign } from './foreign.ts';
import { MINUTE, type Pace, SECOND } from './pace.ts';
import { depthOf } from './search.ts';
import { type DrillStage, PARTS } from './stage.ts';

const QUEUES = [
  { part: 'worker', queue: 'inbox', title: 'inbox' },
  { part: 'dead-letters', queue: 'deadLetters', title: 'dead-letter queue' },
] as const;

/** A message that a drill held back comes out by itself after so long. */
const LONGEST_HIDDEN = 30 * MINUTE;

const LONGEST_UNDO = 3 * MINUTE;

interface Change {
  readonly what: string;
  readonly undo: () => Promise<unknown>;
}

/** Changes that wait to be undone, in the reverse order. */
export class Changes {
  readonly #undo: Change[] = [];

  /** The way back is known before the change is made, so that an interruption in between is harmless. */
  async make(what: string, change: () => Promise<unknown>, undo: () => Promise<unknown>): Promise<void> {
    this.#undo.push({ what, undo });
    await change();
  }

  /**
   * Undoes everything, and for a few minutes tries again what does not work: nothing else would start a stage again.
   * @returns what could not be undone, and why.
   */
  async undoAll(pace: Pace): Promise<readonly string[]> {
    const deadline = pace.now() + LONGEST_UNDO;
    let left = this.#undo.splice(0).reverse();
    for (;;) {
      const failed: { readonly change: Change; readonly problem: string }[] = [];
      for (const change of left)
        await change
          .undo()
          .catch((error: Error) => failed.push({ change, problem: `${change.what}: ${error.message}` }));
      if (failed.length === 0 || pace.now() >= deadline) return failed.map(({ problem }) => problem);
      left = failed.map(({ change }) => change);
      await pace.pause(10 * SECOND);
    }
  }
}

/**
 * What a drill that was killed has left behind. Nothing keeps a record of it: the drill changes only what is as the
 * configuration says, so that whatever differs in its way is a trace, on whichever machine it ran.
 */
export async function findTraces(stage: DrillStage): Promise<readonly string[]> {
  const traces: string[] = [];
  for (const { part, title } of QUEUES)
    if (!(await eventSourceOf(stage, part)).isOn) traces.push(`the event source of the ${title} is off`);
  for (const part of PARTS)
    if ((await concurrencyOf(stage, part)) === 0 && configuredConcurrency(stage, part) !== 0)
      traces.push(`the reserved concurrency of ${stage.functions[part]} is 0`);
  return traces;
}

/** What `--undo` has done, and what it has left alone. */
export interface PutRight {
  readonly putBack: readonly string[];
  readonly leftAlone: readonly string[];
}

/** What puts a stage back when the drill itself could not. */
export function undoCommand(stage: string): string {
  return `inlet drill --undo --stage ${stage}`;
}

/** @throws CliError when a drill was killed here, another one runs, or somebody works on the stage. */
export async function refuseTraces(stage: DrillStage): Promise<void> {
  const traces = await findTraces(stage);
  if (traces.length === 0) return;
  throw new CliError(
    `The stage is not as it was deployed: ${traces.join('; ')}. If a drill runs here, wait for its end; if one was killed, run ${undoCommand(stage.stage.name)}; if somebody has done it on purpose, end that first.`,
  );
}

/**
 * `--undo`: puts a stage back to what the configuration says. A queue whose event source is on is none of its business,
 * for what is on it are a stage's own events as a rule.
 * @param isAnyQueue consent to look through those, too, for which their event sources are switched off meanwhile.
 */
export async function putRight(stage: DrillStage, pace: Pace, isAnyQueue: boolean): Promise<PutRight> {
  const putBack: string[] = [];
  const leftAlone: string[] = [];
  for (const part of PARTS) {
    if ((await concurrencyOf(stage, part)) !== 0) continue;
    const configured = configuredConcurrency(stage, part);
    await reserve(stage, part, configured);
    putBack.push(`reserved concurrency of ${stage.functions[part]}: ${configured ?? 'none'}`);
  }
  for (const { part, queue, title } of QUEUES) {
    const { id, isOn } = await eventSourceOf(stage, part);
    const { visible, hidden } = await depthOf(stage, stage.queues[queue]);
    if (isOn && !isAnyQueue) {
      if (visible + hidden > 0)
        leftAlone.push(`the ${title}: ${visible + hidden} message(s), and its event source is on`);
      continue;
    }
    const taken = await takeForeign(stage, pace, queue, isOn ? id : undefined);
    if (taken > 0) putBack.push(`${taken} foreign message(s) taken off the ${title}`);
    if (isOn) continue;
    await switchEventSource(stage, pace, id, true);
    putBack.push(`the event source of the ${title} is on`);
  }
  return { putBack, leftAlone };
}

/**
 * Takes the foreign messages off a queue.
 * @param source an event source that has to be off meanwhile; it is switched off and on.
 * @param enough how many there are, where that is known.
 * @returns how many were taken.
 */
export async function takeForeign(
  stage: DrillStage,
  pace: Pace,
  queue: keyof DrillStage['queues'],
  source: string | undefined,
  enough = Number.POSITIVE_INFINITY,
): Promise<number> {
  const url = stage.queues[queue];
  if ((await depthOf(stage, url)).all === 0) return 0;
  if (source !== undefined) await switchEventSource(stage, pace, source, false);
  try {
    return await goThrough(stage, pace, url, enough, isForeign, LONGEST_HIDDEN);
  } finally {
    if (source !== undefined) await switchEventSource(stage, pace, source, true);
  }
}
