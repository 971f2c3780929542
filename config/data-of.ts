import type { InletDefinition } from '../functions/config/definition.ts';
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

function isValue(handler: unknown): boolean {
  return typeof handler === 'function' || (isObject(handler) && typeof handler.handle === 'function');
}
