import type { Command } from 'commander';
import { examples } from '../arguments.ts';
import { command, run } from './options.ts';

/** Adds `inlet recover`. */
export function addRecover(program: Command): void {
  command(
    program,
    'recover',
    'unlock a stack whose first deployment has failed, so that it can be deployed again',
  )
    .requiredOption('--stage <name>', 'the stage that was deployed')
    .option('--yes', 'do it (default: say what would be done)', false)
    .addHelpText('after', examples('inlet recover --stage prod', 'inlet recover --stage prod --yes'))
    .action((options) =>
      run(options.json, async (output) => (await import('../recover.ts')).recover(output, options)),
    );
}
