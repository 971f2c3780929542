import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { extname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { InletConfig } from '../functions/config/config.ts';
import {
  type HandlerValues,
  handlersOf,
  type InletDefinition,
  readLazyHandlers,
  type SourceDefinition,
} from '../functions/config/definition.ts';
import { ConfigurationError } from '../functions/core/errors.ts';
import type { Handlers } from '../functions/core/handler.ts';
import { dataOf, handlerProblems, hasValues, namesOfOwn } from './data-of.ts';
import { checkConfig } from './validate.ts';

const MODULES = ['.ts', '.mts', '.js', '.mjs'];

/** Where a deployment's handlers are, for the bundle of the function that runs them. Absolute paths. */
export interface HandlerModules {
  /** The configuration's own module, where handlers are values in it. */
  readonly definition?: string;
  /** The module that exports `handlers`, where sources name handlers that the configuration does not have. */
  readonly registry?: string;
}

/** A configuration with everything that belongs to it. */
export interface Loaded {
  readonly config: InletConfig;
  readonly handlers: Handlers;
  readonly modules: HandlerModules;
}

/** Where handlers are that a configuration only names: of these, the first that there is. */
const REGISTRIES = MODULES.map((extension) => `handlers/index${extension}`);

/**
 * Loads and checks a configuration: a module with a default export, or JSON.
 * @param path relative to the working directory.
 * @throws ConfigurationError that lists every mistake.
 */
export async function loadInlet(path?: string): Promise<Loaded> {
  return checked(await read(path));
}

/**
 * Checks a configuration that is at hand, as a test has it. No bundle can be made of it: where its handlers are is not known.
 * @throws ConfigurationError that lists every mistake.
 */
export function checkedInlet(definition: InletDefinition): Loaded {
  return checked({ definition, named: {}, modules: {} });
}

/** As `loadInlet`, and reads the modules of handlers that are read later, to see whether they can be. */
export async function checkHandlers(path?: string): Promise<Loaded> {
  const found = await read(path);
  const loaded = checked(found);
  await readLazyHandlers(found.definition as InletDefinition, found.named).catch((error: unknown) => {
    if (error instanceof ConfigurationError) throw error;
    unreadable('a handler', error);
  });
  return loaded;
}

/** What was found, not checked yet. */
interface Found {
  readonly definition: unknown;
  /** Handlers of `handlers/index.ts`, where the configuration lacks some. */
  readonly named: HandlerValues;
  readonly modules: HandlerModules;
}

async function read(path = process.env.INLET_CONFIG ?? 'inlet.config.ts'): Promise<Found> {
  const file = resolve(path);
  if (!existsSync(file))
    throw new ConfigurationError([`${file} does not exist. Create it, or set INLET_CONFIG to another file.`]);
  const definition = await readValue(file);
  const registry = isLackingHandlers(definition)
    ? REGISTRIES.map((name) => resolve(name)).find((name) => existsSync(name))
    : undefined;
  return {
    definition,
    named: registry === undefined ? {} : await readRegistry(registry),
    modules: {
      ...(hasValues(definition) && { definition: file }),
      ...(registry !== undefined && { registry }),
    },
  };
}

function checked({ definition, named, modules }: Found): Loaded {
  const config = checkConfig(
    dataOf(definition),
    handlerProblems(definition, named),
    namesOf(definition, named),
  );
  return { config, handlers: handlersOf(definition as InletDefinition, named), modules };
}

/** The configuration alone, as data. @throws ConfigurationError that lists every mistake. */
export async function loadConfig(path?: string): Promise<InletConfig> {
  return (await loadInlet(path)).config;
}

/** Whether a source names a handler that the configuration itself does not have. What was loaded may be of any form. */
function isLackingHandlers(definition: unknown): boolean {
  const { sources, handlers } = Object(definition) as Partial<InletDefinition>;
  return Object.values(Object(sources) as object).some((source) => {
    const { handler } = Object(source) as Partial<SourceDefinition>;
    return typeof handler === 'string' && !Object.hasOwn(Object(handlers), handler);
  });
}

/** The handlers that sources may name. One that is a value has the name of its source. */
function namesOf(definition: unknown, registry: HandlerValues): readonly string[] {
  const { handlers } = Object(definition) as Partial<InletDefinition>;
  return [...Object.keys(Object(handlers)), ...Object.keys(registry), ...namesOfOwn(definition)];
}

async function readRegistry(file: string): Promise<HandlerValues> {
  const { handlers } = await importModule(file).catch((error: unknown) => unreadable(file, error));
  if (typeof handlers !== 'object' || handlers === null)
    throw new ConfigurationError([
      `${file} exports no handlers. Write: export const handlers = { '<name>': … }`,
    ]);
  return handlers as HandlerValues;
}

async function readValue(file: string): Promise<unknown> {
  const extension = extname(file);
  if (extension !== '.json' && !MODULES.includes(extension))
    throw new ConfigurationError([`${file} must end in .json or in one of ${MODULES.join(', ')}.`]);
  const value = await (extension === '.json' ? readJson(file) : importDefault(file)).catch((error: unknown) =>
    unreadable(file, error),
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
  return (await importModule(file)).default;
}

async function importModule(file: string): Promise<Readonly<Record<string, unknown>>> {
  return import(pathToFileURL(file).href);
}

function unreadable(file: string, error: unknown): never {
  throw new ConfigurationError([`${file} cannot be read: ${error instanceof Error ? error.message : error}`]);
}
