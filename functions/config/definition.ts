/** The configuration as its author writes it: the data of a deployment, and handlers as values. */
import { ConfigurationError } from '../core/errors.ts';
import type { Handler, HandlerFunction, Handlers } from '../core/handler.ts';
import { isObject } from '../core/is-object.ts';
import type { InletConfig, SourceConfig } from './config.ts';

/** A module whose default export is a handler. */
export interface HandlerModule {
  readonly default: HandlerFunction | Handler;
}

/** `() => import('./handlers/billing.ts')`: read when the first event needs it. */
export type LazyHandler = () => Promise<HandlerModule>;

export type HandlerValue = HandlerFunction | Handler | LazyHandler;

export interface SourceDefinition extends Omit<SourceConfig, 'handler'> {
  /**
   * What is done about each event: `on({ … })`, a function, `() => import('./handlers/billing.ts')`, or the name of one of
   * `handlers`. Default: none; each event, or the newest state of each subject, is kept as `mode` says.
   */
  readonly handler?: string | HandlerValue;
}

export interface InletDefinition extends Omit<InletConfig, 'sources'> {
  readonly sources: Readonly<Record<string, SourceDefinition>>;
  /** Handlers by the names that sources give. What is not here is looked for among those that `handlers/index.ts` exports. */
  readonly handlers?: Readonly<Record<string, HandlerValue>>;
}

/** Types `inlet.config.ts`. The configuration is checked at start, at synth and at deploy, not here. */
export function defineInlet<Definition extends InletDefinition>(definition: Definition): Definition {
  return definition;
}

/** Handlers as a module exports them. */
export type HandlerValues = Readonly<Record<string, HandlerValue>>;

/**
 * The handlers of a definition, by the names that its data has for them (`config/data-of.ts`): the one of a source has the
 * source's name.
 * @param registry those of `handlers/index.ts`.
 */
export function handlersOf(definition: InletDefinition, registry: HandlerValues = {}): Handlers {
  return Object.fromEntries(
    valuesOf(definition, registry).map(([name, value]) => [name, namedHandler(name, value)]),
  );
}

/** All handlers of a definition as they are written. */
function valuesOf({ sources, handlers }: InletDefinition, registry: HandlerValues) {
  const own = Object.entries(sources).flatMap(([name, { handler }]) =>
    handler === undefined || typeof handler === 'string' ? [] : [[name, handler] as const],
  );
  return [...Object.entries({ ...registry, ...handlers }), ...own];
}

function namedHandler(name: string, value: HandlerValue): Handler {
  if (typeof value !== 'function') return value;
  let found: HandlerFunction | undefined;
  return {
    name,
    handle: async (event, context) => {
      if (found) return found(event, context);
      // A function that gives a module is no handler, but the way to one.
      const given: unknown = await (value as HandlerFunction)(event, context);
      if (!isModule(given)) {
        if (isObject(given) && IMPORTS.test(String(value))) throw noDefault(name);
        return;
      }
      const { default: inside } = given;
      found = typeof inside === 'function' ? inside : inside.handle;
      await found(event, context);
    },
  };
}

/** How a function reads that gives a module: as it is written, and as a bundle has it. */
const IMPORTS = /^(?:async\s*)?\(\)\s*=>.*(?:import\(|\.then\(\(\)\s*=>)/s;

function noDefault(name: string): ConfigurationError {
  return new ConfigurationError([
    `the module of the handler ${name} has no default export. Write: export default on({ … })`,
  ]);
}

/** The handlers of a definition that are read later, read now. @throws ConfigurationError that names those without a default export. */
export async function readLazyHandlers(
  definition: InletDefinition,
  registry: HandlerValues = {},
): Promise<void> {
  const problems = await Promise.all(
    valuesOf(definition, registry).map(async ([name, value]) => {
      if (typeof value !== 'function' || !IMPORTS.test(String(value))) return [];
      return isModule(await (value as LazyHandler)()) ? [] : noDefault(name).problems;
    }),
  );
  if (problems.flat().length > 0) throw new ConfigurationError(problems.flat());
}

function isModule(value: unknown): value is HandlerModule {
  const inside = isObject(value) ? value.default : undefined;
  return typeof inside === 'function' || typeof (inside as Handler | undefined)?.handle === 'function';
}
