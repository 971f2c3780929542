import type { Command } from 'commander';
import { examples } from '../arguments.ts';
import { openTarget, remote, run } from './options.ts';

/** Adds `inlet sources`. */
export function addSources(program: Command): void {
  remote(program, 'sources', 'list the sources and their webhook URLs')
    .addHelpText('after', examples('inlet sources'))
    .action((options) =>
      run(options.json, async (output) => {
        const { listSources } = await import('../sources.ts');
        return listSources(output, await openTarget(options));
      }),
    );
}
