import type { Command } from 'commander';
import { examples } from '../arguments.ts';
import { openTarget, remote, run } from './options.ts';

/** Adds `inlet lease clear`. */
export function addLease(program: Command): void {
  const lease = program.command('lease').description('leases, by which a handler has a subject for itself');

  remote(lease, 'clear', 'take a subject from a handler that does not come back; its effect may happen twice')
    .argument('<source>')
    .argument('<subject>')
    .option('--dry-run', 'say whose lease it is and until when, and do nothing', false)
    .addHelpText(
      'after',
      examples('inlet lease clear chargify 141765008 --dry-run', 'inlet lease clear chargify 141765008'),
    )
    .action((source, subject, { dryRun, ...options }) =>
      run(options.json, async (output) => {
        const { clearLease } = await import('../lease.ts');
        return clearLease(output, await openTarget(options), source, subject, dryRun);
      }),
    );
}
