import type { Command } from 'commander';
import { examples, positiveInteger } from '../arguments.ts';
import { openTarget, remote, run } from './options.ts';

/** Adds `inlet audit`. */
export function addAudit(program: Command): void {
  remote(program, 'audit', 'prove that every accepted event is settled or in flight; exit status 1 when not')
    .option('--counted', 'compare the ledger with what ingest has counted, hour by hour', false)
    .option('--hours <n>', 'likewise, so many of the last hours (default: 24)', positiveInteger)
    .addHelpText('after', examples('inlet audit', 'inlet audit --json', 'inlet audit --counted --stage prod'))
    .action(({ counted, hours, ...options }) =>
      run(options.json, async (output) => {
        const { audit } = await import('../audit.ts');
        return audit(output, await openTarget(options), hours ?? (counted ? 24 : undefined));
      }),
    );
}
