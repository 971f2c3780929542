import type { Command } from 'commander';
import { collect, examples, positiveInteger, positiveNumber } from '../arguments.ts';
import { remote, run } from './options.ts';

/** Adds `inlet send`. */
export function addSend(program: Command): void {
  remote(program, 'send', 'sign samples as the provider would, and send them')
    .argument('<source>')
    .option('--type <type>', 'only samples of this type')
    .option('--count <n>', 'how many different events', positiveInteger, 1)
    .option('--repeat <n>', 'how often each is sent', positiveInteger, 1)
    .option('--shuffle', 'in random order', false)
    .option('--rate <n>', 'requests a second (default: one after the other)', positiveNumber)
    .option('--seed <n>', 'the same seed sends the same events', positiveInteger)
    .option('--secret <secret>', 'default: INLET_SECRETS, else the development secret')
    .option('--data <file>', 'a body of your own; - is standard input')
    .option('--header <header>', '"name: value", may be repeated', collect, [])
    .addHelpText(
      'after',
      examples(
        'inlet send chargify --type payment_success',
        'inlet send dotdigital --count 3 --repeat 3 --shuffle',
        'inlet send tasks --count 100 --rate 1',
      ),
    )
    .action((source, options) =>
      run(options.json, async (output) => (await import('../send.ts')).send(output, source, options)),
    );
}
