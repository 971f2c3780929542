import type { InletDefinition } from '../functions/config/definition.ts';

/**
 * What of a definition is data: handlers that are values are named after their source, and `handlers` is left out. What
 * was loaded may be of any form, and is not checked yet.
 */
export function dataOf(definition: unknown): unknown {
  if (!isRecord(definition)) return definition;
  const { handlers: _handlers, ...data } = definition as Partial<InletDefinition>;
  if (!isRecord(data.sources)) return data;
  const sources = Object.entries(data.sources).map(([name, source]) => {
    const handler: unknown = isRecord(source) ? source.handler : undefined;
    return [name, isValue(handler) ? { ...(source as object), handler: name } : source];
  });
  return { ...data, sources: Object.fromEntries(sources) };
}

/** The sources whose handler is a value. */
export function namesOfOwn(definition: unknown): readonly string[] {
  const sources = isRecord(definition) && isRecord(definition.sources) ? definition.sources : {};
  return Object.entries(sources).flatMap(([name, source]) =>
    isRecord(source) && isValue(source.handler) ? [name] : [],
  );
}

/** Whether anything in a definition is no data, so that a bundle has to have its module. */
export function hasValues(definition: unknown): boolean {
  return namesOfOwn(definition).length > 0 || (isRecord(definition) && isRecord(definition.handlers));
}

function isValue(handler: unknown): boolean {
  return typeof handler === 'function' || (isRecord(handler) && typeof handler.handle === 'function');
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
