import type { Command } from 'commander';
import { examples, positiveInteger } from '../arguments.ts';
import { remote, run } from './options.ts';

/** Adds `inlet tail`. */
export function addTail(program: Command): void {
  remote(program, 'tail', 'follow events as they settle; with --stage, the log of a deployed stage')
    .option('--source <source>')
    .option(
      '--state <states>',
      'applied, stale, …, joined by commas; of a stage one outcome, such as rejected',
    )
    .option('--type <type>', 'not with --stage')
    .option('--id <id>', 'one event; of a stage, one event or delivery through all functions')
    .option('--since <time>', 'begin so long ago (default: now; of a stage, 1m)')
    .option('--count <n>', 'end after so many', positiveInteger)
    .option('--no-follow', 'end when the present is reached')
    .addHelpText(
      'after',
      examples(
        'inlet tail',
        'inlet tail --source chargify --state dead,quarantined --json',
        'inlet tail --stage prod --source chargify --state rejected --since 1h',
      ),
    )
    .action((options) =>
      run(options.json, async (output) => (await import('../tail-command.ts')).tailCommand(output, options)),
    );
}
