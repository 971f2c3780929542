import type { Command } from 'commander';
import { examples } from '../arguments.ts';
import { openTarget, type Remote, remote, run } from './options.ts';

/** Adds `inlet event`. */
export function addEvent(program: Command): void {
  remote(program, 'event', 'show one event with headers, payload and history')
    .argument('<event...>', 'its id, or <source>/<id>')
    .addHelpText('after', examples('inlet event chargify/141765008', 'inlet event 141765008 --json'))
    .action(showEvent);
}

/** Shows the event that is named by its id or by source and id. */
export function showEvent(words: string[], options: Remote): Promise<void> {
  return run(options.json, async (output) =>
    (await import('../event.ts')).showEvent(output, await openTarget(options), words),
  );
}
