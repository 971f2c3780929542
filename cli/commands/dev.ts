import type { Command } from 'commander';
import { examples } from '../arguments.ts';

/** Adds `inlet dev`. */
export function addDev(program: Command): void {
  program
    .command('dev')
    .description('run Inlet on this computer, and restart when configuration or handlers change')
    .addHelpText('after', examples('inlet dev', 'PORT=0 INLET_DATA=memory inlet dev'))
    .action(async () => (await import('../dev.ts')).dev());
}
