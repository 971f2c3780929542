import { setTimeout as pause } from 'node:timers/promises';
import { CliError } from '../../../cli/cli-error.ts';

const ATTEMPTS = 10;
const PAUSE_MS = 1_000;

/** Asks again where nobody has answered: a busy machine is no wrong answer. @throws what the API answers, or the last failure. */
export async function patiently<T>(ask: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await ask();
    } catch (error) {
      if (isRefusal(error) || attempt === ATTEMPTS) throw error;
      await pause(PAUSE_MS);
    }
  }
}

/** Whether the API has said no, and not failed. */
export function isRefusal(error: unknown): boolean {
  return error instanceof CliError && error.exitCode === 1;
}
