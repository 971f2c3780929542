import type { Command } from 'commander';
import { examples } from '../arguments.ts';
import { filtered, openTarget, run } from './options.ts';

/** Adds `inlet replay`. */
export function addReplay(program: Command): void {
  filtered(program, 'replay', 'send events through the worker again; nothing is applied twice')
    .argument('[event...]', 'its id, or <source>/<id>; or say which by filters')
    .option('--state <states>', 'several joined by commas')
    .option('--subject <subject>')
    .option('--all', 'all of them', false)
    .option('--force', 'run the handler again, for the newest of each subject only', false)
    .option('--dry-run', 'say what would become of them, and do nothing', false)
    .addHelpText(
      'after',
      examples(
        'inlet replay chargify/141765008',
        'inlet replay --source dotdigital --after 2h --dry-run',
        'inlet replay chargify/141765008 --force',
      ),
    )
    .action((words, { source, state, type, subject, after, before, all, force, dryRun, ...options }) =>
      run(options.json, async (output) => {
        const filters = { source, state, type, subject, after, before };
        const { replay } = await import('../replay.ts');
        return replay(output, await openTarget(options), { words, filters, all, force, dryRun });
      }),
    );
}
