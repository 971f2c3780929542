import type { Command } from 'commander';
import { examples } from '../arguments.ts';
import { openTarget, remote, run } from './options.ts';

/** Adds `inlet reclaim`. */
export function addReclaim(program: Command): void {
  remote(
    program,
    'reclaim',
    'take back what has lost its message: a repeat of its provider is taken in again',
  )
    .argument('[event...]', 'its id, or <source>/<id>')
    .option('--all', 'all that the audit names', false)
    .addHelpText('after', examples('inlet reclaim chargify/141765008', 'inlet reclaim --all --stage prod'))
    .action((words, { all, ...options }) =>
      run(options.json, async (output) =>
        (await import('../reclaim.ts')).reclaim(output, await openTarget(options), { words, all }),
      ),
    );
}
