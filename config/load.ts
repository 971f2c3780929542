import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { extname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { InletConfig } from '../functions/config/config.ts';
import { ConfigurationError } from '../functions/core/errors.ts';
import { validateConfig } from './validate.ts';

const MODULES = ['.ts', '.mts', '.js', '.mjs'];

/**
 * Loads and checks a configuration: a module with a default export, or JSON.
 * @param path relative to the working directory.
 * @throws ConfigurationError that lists every mistake.
 */
export async function loadConfig(path = process.env.INLET_CONFIG ?? 'inlet.config.ts'): Promise<InletConfig> {
  const file = resolve(path);
  if (!existsSync(file))
    throw new ConfigurationError([`${file} does not exist. Create it, or set INLET_CONFIG to another file.`]);
  return validateConfig(await readValue(file));
}

async function readValue(file: string): Promise<unknown> {
  const extension = extname(file);
  if (extension !== '.json' && !MODULES.includes(extension))
    throw new ConfigurationError([`${file} must end in .json or in one of ${MODULES.join(', ')}.`]);
  const value = await (extension === '.json' ? readJson(file) : importDefault(file)).catch(
    (error: unknown) => {
      throw new ConfigurationError([
        `${file} cannot be read: ${error instanceof Error ? error.message : error}`,
      ]);
    },
  );
  if (value === undefined)
    throw new ConfigurationError([
      `${file} has no default export. Write: export default defineInlet({ ... })`,
    ]);
  return value;
}

async function readJson(file: string): Promise<unknown> {
  return JSON.parse(await readFile(file, 'utf8'));
}

async function importDefault(file: string): Promise<unknown> {
  const module: { default?: unknown } = await import(pathToFileURL(file).href);
  return module.default;
}
