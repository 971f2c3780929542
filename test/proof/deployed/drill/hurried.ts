/** `inlet drill --stage dev` whose pauses are short: `undo`, `queues` (and undo), `alarms` or all. Signals reach it as they do the command. */
import { setTimeout as wait } from 'node:timers/promises';
import { drill } from '../../../../cli/drill/command.ts';
import { processOutput } from '../../../../cli/output.ts';
import { runCommand } from '../../../../cli/run.ts';
import { HURRY } from './hurry.ts';

const [, , what] = process.argv;
const queues = what === 'queues';
const flags = {
  stage: 'dev',
  undo: queues || what === 'undo',
  queues,
  ...(what === 'alarms' && { only: what }),
};
await runCommand(() =>
  drill(processOutput(true), flags, (signal) => ({
    now: Date.now,
    pause: async (milliseconds) => void (await wait(milliseconds / HURRY, undefined, { signal })),
  })),
);
