import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { loadConfig } from '../config/load.ts';
import { shortSecretWarning } from '../config/short-secret.ts';
import type { InletConfig } from '../functions/config/config.ts';
import type { Provider } from '../functions/pack/provider.ts';
import { providers } from '../functions/providers/index.ts';
import { CliError } from './cli-error.ts';
import { type Output, printDocument } from './output.ts';
import { openSecrets } from './secret-store.ts';
import { printRows } from './table.ts';

export interface SecretOptions {
  readonly stage?: string | undefined;
}

/** SSM's standard parameters hold 4 KB, and a provider never has more of them in use. */
const MOST = 10;

/**
 * `inlet secret set|rotate|retire <source>`. The value is asked for or read from standard input: an argument would be
 * in the shell's history and in the list of processes. It is never printed. A short one is taken with a warning.
 * @throws CliError when the value cannot be a secret of this provider.
 */
export async function changeSecret(
  output: Output,
  action: 'set' | 'rotate' | 'retire',
  source: string,
  { stage }: SecretOptions,
  ask: () => Promise<string> = readSecret,
): Promise<void> {
  const config = await loadConfig();
  const provider = packOf(config, source);
  const store = await openSecrets(stage, config);
  const before = await store.get(source);
  const after = action === 'retire' ? retired(source, before) : await extended(action, provider, before, ask);
  await store.put(source, after);
  const { length } = after;
  const warning = action === 'retire' ? undefined : shortSecretWarning(after[0] ?? '');
  printDocument(output, { source, action, secrets: length, ...(warning && { warning }) }, () => {
    if (warning) output.line(`Warning: ${warning}`);
    output.line(`${source}: ${length} secret(s) valid, in ${store.place}. In use within seconds.`);
  });
}

/** The newest alone. */
function retired(source: string, before: readonly string[]): readonly string[] {
  if (before.length < 2)
    throw new CliError(`"${source}" has ${before.length} secret(s): nothing to retire.`, 1);
  return before.slice(0, 1);
}

/** With the value that is asked for in front. */
async function extended(
  action: 'set' | 'rotate',
  { secret, title }: Provider,
  before: readonly string[],
  ask: () => Promise<string>,
): Promise<readonly string[]> {
  const value = (await ask()).replace(/\r?\n$/, '');
  const problem = value === '' ? 'it is empty.' : secret.check?.(value);
  if (problem) throw new CliError(`This cannot be a secret of ${title}: ${problem}`);
  const older = action === 'set' ? [] : before.filter((known) => known !== value);
  return [value, ...older].slice(0, MOST);
}

/** `inlet secret list`: how many each source has, never which. */
export async function listSecrets(output: Output, { stage }: SecretOptions): Promise<void> {
  const config = await loadConfig();
  const store = await openSecrets(stage, config);
  const rows: { source: string; provider: string; secrets: number }[] = [];
  for (const [source, { provider }] of Object.entries(config.sources))
    rows.push({ source, provider, secrets: (await store.get(source)).length });
  if (output.json) for (const row of rows) output.line(JSON.stringify(row));
  else
    printRows(
      output,
      ['SOURCE', 'PROVIDER', 'SECRETS'],
      rows.map(({ source, provider, secrets }) => [source, provider, secrets]),
    );
}

function packOf({ sources }: InletConfig, source: string): Provider {
  const name = Object.hasOwn(sources, source) ? sources[source]?.provider : undefined;
  const provider = name === undefined ? undefined : providers[name];
  if (!provider)
    throw new CliError(
      `There is no source "${source}". The sources are: ${Object.keys(sources).join(', ')}.`,
    );
  return provider;
}

/** From a pipe as it is; from a person without showing what is typed. */
async function readSecret(): Promise<string> {
  if (!process.stdin.isTTY) return text(process.stdin);
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  process.stderr.write('Secret (not shown): ');
  const lines = createInterface({ input: process.stdin, output: silent, terminal: true });
  try {
    return await lines.question('');
  } finally {
    lines.close();
    process.stderr.write('\n');
  }
}
