import type { Command } from 'commander';
import { examples } from '../arguments.ts';
import { command, run } from './options.ts';

/** Adds `inlet verify`. */
export function addVerify(program: Command): void {
  command(program, 'verify', 'say why the signatures of captured requests are right or wrong')
    .argument('[files...]', 'JSON lines; default: standard input')
    .addHelpText(
      'after',
      examples(
        'inlet verify captured.jsonl',
        `echo '{"provider":"chargify","secrets":["…"],"headers":{…},"body":"…"}' | inlet verify`,
      ),
    )
    .action((files: string[], { json }: { json?: true }) =>
      run(json, async (output) => (await import('../verify.ts')).verify(output, files)),
    );
}
