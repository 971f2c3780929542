import { writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import type { InletConfig } from '../../functions/config/config.ts';

const root = resolve(import.meta.dirname, '../..');

/** Where the handlers of this deployment are. The worker alone runs them. */
const HANDLERS = join(root, 'handlers/index.ts');
const RUNS_HANDLERS = /\/worker\.lambda\.ts$/;

/**
 * Writes the entry of a bundle: the function with what its deployment is made of. It imports the packs that the
 * configuration names and no other, so that a cold start does not pay for packs nobody uses, and JWT code comes along only
 * with a pack that needs it. It lies beside the output folder, not in it, because it is not deployed.
 * @param lambda absolute path of a `*.lambda.ts`.
 * @returns the entry's absolute path.
 */
export function writeEntry(lambda: string, config: InletConfig, folder: string): string {
  const names = [...new Set(Object.values(config.sources).map(({ provider }) => provider))].sort();
  const pack = (name: string) => join(root, 'functions/providers', `${name}.ts`);
  const handlers = RUNS_HANDLERS.test(lambda);
  const lines = [
    importOf('create', lambda),
    ...names.map((name, n) => importOf(`{ provider as p${n} }`, pack(name))),
    ...(handlers ? [importOf('{ handlers }', HANDLERS)] : []),
    `const packs = { ${names.map((_, n) => `[p${n}.name]: p${n}`).join(', ')} };`,
    `const config = JSON.parse(${JSON.stringify(JSON.stringify(config))});`,
    `export const handler = create({ config, packs${handlers ? ', handlers' : ''} });`,
  ];
  const file = join(dirname(folder), `${basename(folder)}-entry.ts`);
  writeFileSync(file, `${lines.join('\n')}\n`);
  return file;
}

function importOf(what: string, file: string): string {
  return `import ${what} from ${JSON.stringify(file)};`;
}
