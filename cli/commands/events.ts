import type { Command } from 'commander';
import { examples } from '../arguments.ts';
import type { EventFilters } from '../backend.ts';
import { filtered, openTarget, type Remote, run } from './options.ts';

/** Adds `inlet events`. */
export function addEvents(program: Command): void {
  filtered(program, 'events', 'list events, newest first')
    .option(
      '--state <states>',
      'queued, retrying, applied, stale, quarantined, dead; several joined by commas',
    )
    .option('--subject <subject>')
    .option('--limit <n>', 'at most 500', '50')
    .option('--cursor <cursor>', 'go on where a page ended')
    .addHelpText('after', examples('inlet events --source chargify --after 2h', 'inlet events --state stale'))
    .action(listEvents);
}

/** Lists the events that the filters choose: every option that says neither which Inlet nor how to print. */
export function listEvents({ json, url, token, stage, ...filters }: Remote & EventFilters): Promise<void> {
  return run(json, async (output) => {
    const events = await import('../events.ts');
    return events.listEvents(output, await openTarget({ url, token, stage }), filters);
  });
}
