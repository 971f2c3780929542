import type { Command } from 'commander';
import { examples } from '../arguments.ts';
import { command, run } from './options.ts';

/** Adds `inlet drill`. */
export function addDrill(program: Command): void {
  command(
    program,
    'drill',
    'ring every alarm of a stage, and compare what it says of itself with what was sent',
  )
    .requiredOption('--stage <name>', 'a deployed stage')
    .option('--only <part>', 'traffic or alarms')
    .option('--handlers', 'run handlers, too, on made-up events', false)
    .option('--cost', 'say what it cost', false)
    .option('--undo', 'put back what a drill that was killed has left behind', false)
    .option('--queues', 'with --undo: also on queues whose event source is on, which is off meanwhile', false)
    .option('--dry-run', 'say what would be done, and do nothing', false)
    .option('--production', 'yes, on a production stage', false)
    .addHelpText(
      'after',
      examples(
        'inlet drill --stage dev --cost',
        'inlet drill --stage dev --only traffic',
        'inlet drill --stage dev --undo',
      ),
    )
    .action((options) =>
      run(options.json, async (output) => (await import('../drill/command.ts')).drill(output, options)),
    );
}
