import type { Command } from 'commander';
import { examples } from '../arguments.ts';
import { remote, run } from './options.ts';

/** Adds `inlet doctor`. */
export function addDoctor(program: Command): void {
  remote(program, 'doctor', 'check configuration, secrets, clock and reachability, and say what to do')
    .addHelpText('after', examples('inlet doctor', 'inlet doctor --stage prod', 'inlet doctor --json'))
    .action((options) =>
      run(options.json, async (output) => (await import('../doctor.ts')).doctor(output, options)),
    );
}
