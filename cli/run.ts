import { ConfigurationError } from '../functions/core/errors.ts';
import { NoSampleError } from '../local/samples.ts';
import { StartError } from '../local/start-error.ts';
import { CliError, InterruptedError } from './cli-error.ts';

/** A reader that has seen enough (`| head`) closes the pipe: that is no error. */
export function endWithReader(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
}

/** Runs a command: its errors become a message and an exit code, never a stack trace. */
export async function runCommand(command: () => Promise<void>): Promise<void> {
  try {
    await command();
  } catch (error) {
    // At once: a request on its way would keep the process for as long as it takes.
    if (error instanceof InterruptedError) process.exit(error.exitCode);
    process.stderr.write(`${explainProblem(error)}\n`);
    process.exitCode = error instanceof CliError ? error.exitCode : 2;
  }
}

/** Errors that say what to do. */
const ADVISING = [CliError, ConfigurationError, NoSampleError, StartError];

/** What a person can do something with. */
export function explainProblem(error: unknown): string {
  if (ADVISING.some((kind) => error instanceof kind)) return (error as Error).message;
  return `inlet failed: ${error instanceof Error ? error.message : String(error)}`;
}
