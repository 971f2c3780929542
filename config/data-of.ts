import type { HandlerValues, InletDefinition } from '../functions/config/definition.ts';
import { isObject } from '../functions/core/is-object.ts';

/**
 * What of a definition is data: handlers that are values are named after their source, and `handlers` is left out. What
 * was loaded may be of any form, and is not checked yet.
 */
export function dataOf(definition: unknown): unknown {
  if (!isObject(definition)) return definition;
  const { handlers: _handlers, ...data } = definition as Partial<InletDefinition>;
  if (!isObject(data.sources)) return data;
  const sources = Object.entries(data.sources).map(([name, source]) => {
    const handler: unknown = isObject(source) ? source.handler : undefined;
    return [name, isValue(handler) ? { ...(source as object), handler: name } : source];
  });
  return { ...data, sources: Object.fromEntries(sources) };
}

/** The sources whose handler is a value. */
export function namesOfOwn(definition: unknown): readonly string[] {
  const sources = isObject(definition) && isObject(definition.sources) ? definition.sources : {};
  return Object.entries(sources).flatMap(([name, source]) =>
    isObject(source) && isValue(source.handler) ? [name] : [],
  );
}

/** Whether anything in a definition is no data, so that a bundle has to have its module. */
export function hasValues(definition: unknown): boolean {
  return namesOfOwn(definition).length > 0 || (isObject(definition) && isObject(definition.handlers));
}

const NO_HANDLER = 'is no handler. Write on({ … }), a function, or () => import("./handlers/….ts").';

/**
 * What is wrong with handlers that are values, each with what to write instead. One of a source has the source's name.
 * @param registry those of `handlers/index.ts`.
 */
export function handlerProblems(definition: unknown, registry: HandlerValues): readonly string[] {
  const handlers = isObject(definition) ? definition.handlers : undefined;
  if (handlers !== undefined && !isObject(handlers))
    return ['handlers: write an object of names and handlers.'];
  const named = { ...registry, ...handlers };
  return [
    ...Object.entries(named).flatMap(([name, value]) =>
      isValue(value) ? [] : [`handlers.${name}: ${NO_HANDLER}`],
    ),
    ...namesOfOwn(definition)
      .filter((name) => Object.hasOwn(named, name))
      .map((name) => `sources.${name}.handler: handlers.${name} has the same name. Rename that one.`),
  ];
}

function isValue(handler: unknown): boolean {
  return typeof handler === 'function' || (isObject(handler) && typeof handler.handle === 'function');
}
