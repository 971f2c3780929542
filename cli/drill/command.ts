import { randomInt } from 'node:crypto';
import { loadConfig } from '../../config/load.ts';
import { stageOf } from '../../infra/stage.ts';
import { CliError } from '../cli-error.ts';
import { type Output, printDocument } from '../output.ts';
import { type Pace, realPace } from './pace.ts';
import { DRILL_PARTS, type Part, planOf } from './plan.ts';
import { report } from './report.ts';
import type { DrillStage } from './stage.ts';

export interface DrillFlags {
  readonly stage?: string | undefined;
  readonly only?: string | undefined;
  /** Whether handlers may run on made-up events. */
  readonly handlers?: boolean | undefined;
  readonly cost?: boolean | undefined;
  readonly undo?: boolean | undefined;
  /** With `undo`: whether queues whose event source is on are meant, too. */
  readonly queues?: boolean | undefined;
  readonly dryRun?: boolean | undefined;
  readonly production?: boolean | undefined;
}

/**
 * `inlet drill`: rings a stage's alarms and compares what it says of itself with what was sent.
 * @param paceOf a clock whose pauses end with the signal.
 * @throws CliError with exit code 1 when something is not as documented, 2 when there is nothing to drill.
 */
export async function drill(
  output: Output,
  flags: DrillFlags,
  paceOf: (signal: AbortSignal) => Pace = realPace,
): Promise<void> {
  const { stage: name, undo = false, queues = false, handlers = false } = flags;
  const only = partOf(flags.only);
  if (name === undefined) throw new CliError('Which stage? Write --stage <name>.');
  if (queues && !undo) throw new CliError('--queues goes with --undo.');
  const config = await loadConfig();
  if (stageOf(name, config).production) demandConsent(name, flags);
  const note = (text: string) => void process.stderr.write(`${text}\n`);
  if (!undo) for (const line of planOf(name, config, only, handlers)) note(line);
  if (flags.dryRun) return;

  // Loaded here only: it brings the clients of AWS along.
  const stage = await (await import('./stage.ts')).openStage(name, config);
  const interruption = catchInterruptions(note, name);
  const pace = paceOf(interruption.signal);
  const undoPace = paceOf(new AbortController().signal);
  try {
    if (undo) return await mend(output, stage, undoPace, queues);
    if (stage.isLocked) demandConsent(name, flags);
    await (await import('./changes.ts')).refuseTraces(stage);
    const seed = randomInt(1, 2 ** 29);
    const { runDrill } = await import('./drill.ts');
    const cost = flags.cost ?? false;
    const result = await runDrill(stage, { only, handlers, cost, seed, pace, undoPace, note });
    if (output.json) printDocument(output, result, () => {});
    else for (const line of report(result)) output.line(line);
    if (!result.ok) throw new CliError('The stage is not as documented: see Differences.', 1);
  } catch (error) {
    if (!interruption.signal.aborted) throw error;
    throw new CliError(
      'Interrupted. What the drill had changed is put back, unless a line says otherwise.',
      1,
    );
  } finally {
    interruption.stop();
    stage.close();
  }
}

/** @throws CliError unless the caller has said that it is meant. */
function demandConsent(name: string, { production, undo }: DrillFlags): void {
  if (production || undo) return;
  throw new CliError(
    `${name} is a production stage: a drill lets its webhooks wait for half an hour, and answers 503 to some. Add --production if that is what you want.`,
  );
}

function partOf(text: string | undefined): Part | undefined {
  if (text === undefined) return undefined;
  const part = DRILL_PARTS.find((part) => part === text);
  if (part === undefined) throw new CliError(`--only ${text}: write ${DRILL_PARTS.join(' or ')}.`);
  return part;
}

async function mend(output: Output, stage: DrillStage, pace: Pace, isAnyQueue: boolean): Promise<void> {
  const done = await (await import('./changes.ts')).putRight(stage, pace, isAnyQueue);
  const { putBack, leftAlone } = done;
  printDocument(output, done, () => {
    for (const line of putBack) output.line(line);
    if (putBack.length === 0) output.line('There is nothing to put back.');
    for (const line of leftAlone)
      output.line(
        `Left alone: ${line}. If StorageErrors or DeadLetterQueue goes on ringing since a drill was killed, --undo --queues looks there for what it left; the event source is off meanwhile.`,
      );
  });
}

/** What ends a process and can be caught: SIGHUP comes when its terminal is closed. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

const ignore = () => {};

/** Ctrl-C lets the drill put things back; the second one ends it at once. */
function catchInterruptions(note: (text: string) => void, name: string) {
  const controller = new AbortController();
  let first = 0;
  const interrupt = (signal: NodeJS.Signals) => {
    if (controller.signal.aborted) {
      // One Ctrl-C may come twice, from the terminal and by way of npm; so does SIGHUP, from the shell.
      if (signal !== 'SIGHUP' && performance.now() - first > 1_000) process.exit(130);
      return;
    }
    first = performance.now();
    note(
      `Interrupted: puts everything back. Ctrl-C again leaves that to inlet drill --undo --stage ${name}.`,
    );
    controller.abort();
  };
  // Nobody may be reading any more, which must not keep anything from being put back.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', ignore);
  for (const signal of SIGNALS) process.on(signal, interrupt);
  return {
    signal: controller.signal,
    stop: () => {
      for (const signal of SIGNALS) process.off(signal, interrupt);
      for (const stream of [process.stdout, process.stderr]) stream.off('error', ignore);
    },
  };
}
