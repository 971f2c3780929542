import { writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import type { InletConfig } from '../../functions/shared/config.ts';

const packs = resolve(import.meta.dirname, '../../functions/providers');

/**
 * Writes the module that takes the place of `functions/providers/index.ts` in a bundle: the packs that the
 * configuration names and no other, so that a cold start does not pay for packs nobody uses, and JWT code comes
 * along only with a pack that needs it. It lies beside the output folder, not in it, because it is not deployed.
 * @returns its absolute path.
 */
export function writeRegistry(config: InletConfig, folder: string): string {
  const names = [...new Set(Object.values(config.sources).map(({ provider }) => provider))].sort();
  const lines = [
    ...names.map(
      (name, n) => `import { provider as p${n} } from ${JSON.stringify(join(packs, `${name}.ts`))};`,
    ),
    `export const providers = { ${names.map((_, n) => `[p${n}.name]: p${n}`).join(', ')} };`,
  ];
  const file = join(dirname(folder), `${basename(folder)}-providers.ts`);
  writeFileSync(file, `${lines.join('\n')}\n`);
  return file;
}
