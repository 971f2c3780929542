import type { Command } from 'commander';
import { examples } from '../arguments.ts';
import { openTarget, remote, run } from './options.ts';

/** Adds `inlet subject reset`. */
export function addSubject(program: Command): void {
  const subject = program.command('subject').description('subjects, each with the newest state of a thing');

  remote(subject, 'reset', 'lift a wrong revision; the next event is applied whatever its own')
    .argument('<source>')
    .argument('<subject>')
    .option('--yes', 'do it (default: say where it stands and what would become of it)', false)
    .addHelpText(
      'after',
      examples('inlet subject reset chargify 141765008', 'inlet subject reset chargify 141765008 --yes'),
    )
    .action((source, name, { yes, ...options }) =>
      run(options.json, async (output) => {
        const { resetSubject } = await import('../subject.ts');
        return resetSubject(output, await openTarget(options), source, name, yes);
      }),
    );
}
