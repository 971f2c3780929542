import type { Command } from 'commander';
import { examples } from '../arguments.ts';
import { remote, run } from './options.ts';

/** Adds `inlet register`. */
export function addRegister(program: Command): void {
  remote(program, 'register', 'say what to enter at the provider')
    .argument('<source>')
    .option('--open <time>', 'let the provider hand its key over for so long, such as 10m (Asana, Notion)')
    .option('--received', 'show the key that was handed over')
    .addHelpText('after', examples('inlet register chargify', 'inlet register asana --open 10m'))
    .action((source, options) =>
      run(options.json, async (output) => (await import('../register.ts')).register(output, source, options)),
    );
}
