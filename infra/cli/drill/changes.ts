/** What the drill changes of a stage, and how everything is put back: at its end, on Ctrl-C, and by `--undo`. */
import { concurrencyOf, configuredConcurrency, reserve } from './concurrency.ts';
import { eventSourceOf, switchEventSource } from './event-sources.ts';
import { depthOf, goThrough, isForeign } from './foreign.ts';
import { MINUTE, type Pace, SECOND } from './pace.ts';
import { type DrillStage, PARTS } from './stage.ts';

const QUEUES = [
  { part: 'worker', queue: 'inbox', title: 'inbox' },
  { part: 'dead-letters', queue: 'deadLetters', title: 'dead-letter queue' },
] as const;

/** A message that a drill held back comes out by itself after so long. */
const LONGEST_HIDDEN = 30 * MINUTE;

/** Changes that wait to be undone, in the reverse order. */
export class Changes {
  readonly #undo: { readonly what: string; readonly undo: () => Promise<unknown> }[] = [];

  /** The way back is known before the change is made, so that an interruption in between is harmless. */
  async make(what: string, change: () => Promise<unknown>, undo: () => Promise<unknown>): Promise<void> {
    this.#undo.push({ what, undo });
    await change();
  }

  /** @returns what could not be undone, and why. */
  async undoAll(): Promise<readonly string[]> {
    const failed: string[] = [];
    for (const { what, undo } of this.#undo.splice(0).reverse()) {
      try {
        await undo();
      } catch (error) {
        failed.push(`${what}: ${(error as Error).message}`);
      }
    }
    return failed;
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

/**
 * `--undo`: puts a stage back to what the configuration says.
 * @returns what was put back.
 */
export async function putRight(stage: DrillStage, pace: Pace): Promise<readonly string[]> {
  const done: string[] = [];
  for (const part of PARTS) {
    if ((await concurrencyOf(stage, part)) !== 0) continue;
    const configured = configuredConcurrency(stage, part);
    await reserve(stage, part, configured);
    done.push(`reserved concurrency of ${stage.functions[part]}: ${configured ?? 'none'}`);
  }
  for (const { part, queue, title } of QUEUES) {
    const { id, isOn } = await eventSourceOf(stage, part);
    const taken = await takeForeign(stage, pace, queue, isOn ? id : undefined);
    if (taken > 0) done.push(`${taken} foreign message(s) taken off the ${title}`);
    if (isOn) continue;
    await switchEventSource(stage, pace, id, true);
    done.push(`the event source of the ${title} is on`);
  }
  return done;
}

/**
 * Takes every foreign message off a queue.
 * @param source an event source that has to be off meanwhile; it is switched off and on.
 * @returns how many there were.
 */
export async function takeForeign(
  stage: DrillStage,
  pace: Pace,
  queue: keyof DrillStage['queues'],
  source: string | undefined,
): Promise<number> {
  const url = stage.queues[queue];
  let { visible, all } = await depthOf(stage, url);
  if (all === 0) return 0;
  if (source !== undefined) await switchEventSource(stage, pace, source, false);
  try {
    let taken = 0;
    const deadline = pace.now() + LONGEST_HIDDEN;
    for (;;) {
      taken += await goThrough(stage, pace, url, all, isForeign, 30 * SECOND);
      ({ visible, all } = await depthOf(stage, url));
      if (all === visible || pace.now() > deadline) return taken;
    }
  } finally {
    if (source !== undefined) await switchEventSource(stage, pace, source, true);
  }
}
