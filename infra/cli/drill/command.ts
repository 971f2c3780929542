import { randomInt } from 'node:crypto';
import { loadConfig } from '../../load-config.ts';
import { stageOf } from '../../stage.ts';
import { CliError } from '../cli-error.ts';
import { type Output, printDocument } from '../output.ts';
import { type Pace, realPace } from './pace.ts';
import { DRILL_PARTS, type Part, planOf } from './plan.ts';
import { report } from './report.ts';
import type { DrillStage } from './stage.ts';

export interface DrillFlags {
  readonly stage?: string | undefined;
  readonly only?: string | undefined;
  readonly cost?: boolean | undefined;
  readonly undo?: boolean | undefined;
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
  const { stage: name, undo = false } = flags;
  const only = partOf(flags.only);
  if (name === undefined) throw new CliError('Which stage? Write --stage <name>.');
  if (stageOf(name, await loadConfig()).production) demandConsent(name, flags);
  const note = (text: string) => void process.stderr.write(`${text}\n`);
  if (!undo) for (const line of planOf(name, only)) note(line);
  if (flags.dryRun) return;

  // Loaded here only: it brings the clients of AWS along.
  const stage = await (await import('./stage.ts')).openStage(name);
  const interruption = catchInterruptions(note, name);
  const pace = paceOf(interruption.signal);
  const undoPace = paceOf(new AbortController().signal);
  try {
    if (undo) return await mend(output, stage, undoPace);
    if (stage.isLocked) demandConsent(name, flags);
    await refuseTraces(stage, name);
    const seed = randomInt(1, 2 ** 29);
    const { runDrill } = await import('./drill.ts');
    const result = await runDrill(stage, { only, cost: flags.cost ?? false, seed, pace, undoPace, note });
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

async function mend(output: Output, stage: DrillStage, pace: Pace): Promise<void> {
  const done = await (await import('./changes.ts')).putRight(stage, pace);
  printDocument(output, { putBack: done }, () => {
    for (const line of done) output.line(line);
    if (done.length === 0) output.line('There is nothing to put back.');
  });
}

async function refuseTraces(stage: DrillStage, name: string): Promise<void> {
  const traces = await (await import('./changes.ts')).findTraces(stage);
  if (traces.length === 0) return;
  throw new CliError(
    `The stage is not as it was deployed: ${traces.join('; ')}. If a drill was killed here, run inlet drill --undo --stage ${name}; if somebody has done it on purpose, end that first.`,
  );
}

/** Ctrl-C lets the drill put things back; the second one ends it at once. */
function catchInterruptions(note: (text: string) => void, name: string) {
  const controller = new AbortController();
  const interrupt = () => {
    if (controller.signal.aborted) process.exit(130);
    note(
      `Interrupted: puts everything back. Ctrl-C again leaves that to inlet drill --undo --stage ${name}.`,
    );
    controller.abort();
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, interrupt);
  return {
    signal: controller.signal,
    stop: () => {
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, interrupt);
    },
  };
}
