import type { Command } from 'commander';
import { examples } from '../arguments.ts';
import { command, run } from './options.ts';

/** Adds `inlet check`. */
export function addCheck(program: Command): void {
  command(program, 'check', 'check the configuration and its handlers, and say what they come to')
    .addHelpText('after', examples('inlet check', 'INLET_CONFIG=other.json inlet check --json'))
    .action((options) =>
      run(options.json, async (output) => (await import('../check-config.ts')).checkConfig(output)),
    );
}
