import { writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { HandlerModules } from '../../config/load.ts';
import type { InletConfig } from '../../functions/config/config.ts';
import { ownFile } from './own-file.ts';

/** The worker alone runs handlers. */
const RUNS_HANDLERS = /[\\/]worker\.lambda\.[jt]s$/;

/** Whether a function is the one that runs handlers. @param lambda path of a `*.lambda.ts`. */
export function runsHandlers(lambda: string): boolean {
  return RUNS_HANDLERS.test(lambda);
}

/**
 * Writes the entry of a bundle: the function with what its deployment is made of. It imports the packs that the
 * configuration names and no other, so that a cold start does not pay for packs nobody uses, and JWT code comes along only
 * with a pack that needs it. The worker's imports the modules of the handlers; no other function has code of the user's. It
 * lies beside the output folder, not in it, because it is not deployed.
 * @param lambda absolute path of a `*.lambda.ts`.
 * @returns the entry's absolute path.
 */
export function writeEntry(
  lambda: string,
  config: InletConfig,
  modules: HandlerModules,
  folder: string,
): string {
  const names = [...new Set(Object.values(config.sources).map(({ provider }) => provider))].sort();
  const lines = [
    importOf('create', lambda),
    ...names.map((name, n) => importOf(`{ provider as p${n} }`, ownFile(`functions/providers/${name}`))),
    `const packs = { ${names.map((_, n) => `[p${n}.name]: p${n}`).join(', ')} };`,
    `const config = JSON.parse(${JSON.stringify(JSON.stringify(config))});`,
    ...(runsHandlers(lambda) ? handlerLines(modules) : ['const handlers = {};']),
    'export const handler = create({ config, packs, handlers });',
  ];
  const file = join(dirname(folder), `${basename(folder)}-entry.ts`);
  writeFileSync(file, `${lines.join('\n')}\n`);
  return file;
}

function handlerLines({ definition, registry }: HandlerModules): readonly string[] {
  if (definition === undefined && registry === undefined) return ['const handlers = {};'];
  return [
    importOf('{ handlersOf }', ownFile('functions/config/definition')),
    definition === undefined ? 'const definition = { sources: {} };' : importOf('definition', definition),
    registry === undefined ? 'const registry = {};' : importOf('{ handlers as registry }', registry),
    'const handlers = handlersOf(definition, registry);',
  ];
}

function importOf(what: string, file: string): string {
  return `import ${what} from ${JSON.stringify(file)};`;
}
