import type { Command } from 'commander';
import { examples } from '../arguments.ts';
import { showEvent } from './event.ts';
import { listEvents } from './events.ts';
import { filtered, openTarget, remote, run } from './options.ts';

/** Adds `inlet dead list | show | redrive`. */
export function addDead(program: Command): void {
  // biome-ignore lint/plugin: the name of a command.
  const dead = program.command('dead').description('quarantined and dead events');

  filtered(dead, 'list', 'list them, newest first')
    .option('--state <state>', 'quarantined or dead', 'quarantined,dead')
    .option('--subject <subject>')
    .option('--limit <n>', 'at most 500', '50')
    .option('--cursor <cursor>', 'go on where a page ended')
    .addHelpText('after', examples('inlet dead list --source fortellis'))
    .action(listEvents);

  remote(dead, 'show', 'show one with headers, payload and reason')
    .argument('<event...>', 'its id, or <source>/<id>')
    .action(showEvent);

  filtered(dead, 'redrive', 'send them through the worker again')
    .argument('[ids...]', '<source>/<id> each')
    .option('--state <state>', 'quarantined or dead')
    .option('--all', 'all of them', false)
    .option('--dry-run', 'say which, and do nothing', false)
    .addHelpText(
      'after',
      examples('inlet dead redrive --source fortellis --dry-run', 'inlet dead redrive --all'),
    )
    .action((ids, { source, state, type, after, before, all, dryRun, ...options }) =>
      run(options.json, async (output) => {
        const filters = { source, state, type, after, before };
        const { redrive } = await import('../dead.ts');
        return redrive(output, await openTarget(options), { filters, ids, all, dryRun });
      }),
    );
}
