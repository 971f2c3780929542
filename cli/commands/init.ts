import type { Command } from 'commander';
import { examples } from '../arguments.ts';
import { run } from './options.ts';

/** Adds `inlet init`. */
export function addInit(program: Command): void {
  program
    .command('init')
    .description('write a project into this folder: a configuration, a handler, its test, a CDK app')
    .addHelpText('after', examples('npx inlet init'))
    .action(() => run(undefined, async (output) => (await import('../init.ts')).init(output)));
}
