import type { Command } from 'commander';
import { examples } from '../arguments.ts';
import { command, run } from './options.ts';

/** Adds `inlet secret set | rotate | retire | list`. */
export function addSecret(program: Command): void {
  const secret = program
    .command('secret')
    .description('the secrets of the sources; values are read from standard input and never shown');

  for (const [name, description] of [
    ['set', 'replace all secrets of a source by one'],
    ['rotate', 'put a new secret in front; the old ones stay valid until they are retired'],
    ['retire', 'forget all secrets of a source but the newest'],
  ] as const)
    command(secret, name, description)
      .argument('<source>')
      .option('--stage <name>', 'a deployed stage (default: the local Inlet)')
      .addHelpText('after', examples(`inlet secret ${name} chargify --stage prod`))
      .action((source: string, options: { json?: true; stage?: string }) =>
        run(options.json, async (output) =>
          (await import('../secret.ts')).changeSecret(output, name, source, options),
        ),
      );

  command(secret, 'list', 'say of each source how many secrets it has')
    .option('--stage <name>', 'a deployed stage (default: the local Inlet)')
    .addHelpText('after', examples('inlet secret list --stage prod'))
    .action((options) =>
      run(options.json, async (output) => (await import('../secret.ts')).listSecrets(output, options)),
    );
}
