import { CliError } from './cli-error.ts';
import type { Output } from './output.ts';
import type { TailLocalOptions } from './tail-local.ts';

/** `inlet tail`: of a stage its logs, of everything else the live feed. Ends on Ctrl-C, which is no failure. */
export async function tailCommand(output: Output, options: TailLocalOptions): Promise<void> {
  if (options.stage !== undefined) {
    if (options.type !== undefined)
      throw new CliError(
        'The log of a stage does not tell types: leave --type out, or use --source and --id.',
      );
    const { tail } = await import('./tail.ts');
    // Nothing has to be closed: the process ends.
    process.once('SIGINT', () => process.exit(0));
    return tail(output, { ...options, stage: options.stage, since: options.since ?? '1m' });
  }
  const ended = new AbortController();
  process.once('SIGINT', () => {
    ended.abort();
    // A question may be under way to a server that does not answer.
    setTimeout(() => process.exit(0), 200).unref();
  });
  const { tailLocal } = await import('./tail-local.ts');
  return tailLocal(output, options, ended.signal);
}
