/**
 * Paths into a header or a payload: `header.x-github-delivery`, `payload.data.object.id`, `payload.items[0].id`.
 * Packs and configurations use the same ones.
 */
import type { EventContext } from './request.ts';

/**
 * A path; a list of paths, all of which must be there and are joined by colons; `{any: […]}`, the first that is
 * there; or a function.
 */
export type Field =
  | string
  | readonly string[]
  | { readonly any: readonly Field[] }
  | ((context: EventContext) => string | number | bigint | boolean | undefined);

/** What names the proof of the request. Deliberately no path: nothing that a body says is found by it. */
export const namedByProof = ({ proofId }: EventContext) => proofId;

interface Path {
  readonly root: 'header' | 'payload';
  readonly segments: readonly string[];
}

const parsed = new Map<string, Path>();

/**
 * Reads a path. `headers`, `body` and `$` are understood as well, and a path without a root is one into the
 * payload, because that is what people write first.
 */
export function parsePath(path: string): Path {
  const known = parsed.get(path);
  if (known) return known;
  const match = /^(headers?|payload|body|\$)[.:](.+)$/s.exec(path);
  const root = match?.[1]?.startsWith('header') ? 'header' : 'payload';
  const rest = match?.[2] ?? path;
  const segments =
    root === 'header'
      ? [rest.toLowerCase()]
      : rest
          .replace(/\[(\d+)\]/g, '.$1')
          .split('.')
          .filter(Boolean);
  const result: Path = { root, segments };
  parsed.set(path, result);
  return result;
}

/** The value at a path below `value`; own properties only, so that `__proto__` leads nowhere. */
export function valueAt(value: unknown, segments: readonly string[]): unknown {
  let current = value;
  for (const segment of segments) {
    if (typeof current !== 'object' || current === null || !Object.hasOwn(current, segment)) return undefined;
    current = (current as Record<string, unknown>)[segment];
  }
  return current;
}

function scalar(value: unknown): string | undefined {
  if (typeof value === 'string') return value === '' ? undefined : value;
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean')
    return String(value);
  return undefined;
}

/** The value of a field as text, or undefined where it is missing, empty, or not a scalar. */
export function readField(field: Field, context: EventContext): string | undefined {
  if (typeof field === 'function') return scalar(field(context));
  if (typeof field === 'string') {
    const { root, segments } = parsePath(field);
    return scalar(valueAt(root === 'header' ? context.headers : context.payload, segments));
  }
  if ('any' in field) {
    for (const candidate of field.any) {
      const value = readField(candidate, context);
      if (value !== undefined) return value;
    }
    return undefined;
  }
  const parts = field.map((path) => readField(path, context));
  return parts.every((part) => part !== undefined) ? parts.map(escapePart).join(':') : undefined;
}

/** Names of the headers that the paths of a field lead to. What a function reads nobody can tell. */
export function headersIn(field: Field): readonly string[] {
  if (typeof field === 'function') return [];
  if (typeof field !== 'string') return ('any' in field ? field.any : field).flatMap(headersIn);
  const { root, segments } = parsePath(field);
  return root === 'header' ? segments : [];
}

/** Keeps joined parts apart: `a:b` + `c` and `a` + `b:c` differ. */
export function escapePart(part: string): string {
  return part.replaceAll('%', '%25').replaceAll(':', '%3A');
}
