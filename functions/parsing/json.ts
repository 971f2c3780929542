/**
 * JSON without loss: an integer beyond 2^53 becomes a bigint and is written back digit by digit, because providers use
 * such numbers as ids (`JSON.rawJSON`: ECMAScript "JSON.parse source text access", in Node since 22).
 */
import { randomBytes } from 'node:crypto';
import { type JsonScan, scanJson } from './scan-json.ts';

const { rawJSON } = JSON as unknown as { rawJSON(text: string): unknown };

/**
 * Parses JSON text. A reviver that is told each number's source would say the same, but calls a function for every value
 * and keeps a second tree beside the first (docs/decisions/0038-memory.md).
 * @param scan of the text, where it has been made already.
 * @throws SyntaxError when it is not JSON.
 */
export function parseJson(text: string, { longIntegers }: JsonScan = scanJson(text)): unknown {
  if (longIntegers.length === 0) return JSON.parse(text);
  // Whoever wrote the text could not know it, so that none of its strings is taken for a number.
  const mark = randomBytes(12).toString('base64url');
  return restoreIntegers(JSON.parse(markIntegers(text, longIntegers, mark)), mark);
}

/** Makes strings of the integers that would be rounded. */
function markIntegers(text: string, integers: readonly number[], mark: string): string {
  const pieces: string[] = [];
  let from = 0;
  for (let at = 0; at < integers.length; at += 2) {
    const [start = 0, end = 0] = [integers[at], integers[at + 1]];
    pieces.push(text.slice(from, start), `"${mark}`, text.slice(start, end), '"');
    from = end;
  }
  pieces.push(text.slice(from));
  return pieces.join('');
}

/** Makes integers of those strings, in place. Without recursion, as JSON may be nested deeper than a stack. */
function restoreIntegers(value: unknown, mark: string): unknown {
  const root = [value];
  const open: object[] = [root];
  const restored = (item: unknown) => {
    if (typeof item === 'object' && item !== null) open.push(item);
    return typeof item === 'string' && item.startsWith(mark) ? BigInt(item.slice(mark.length)) : undefined;
  };
  for (let container = open.pop(); container; container = open.pop()) {
    if (Array.isArray(container)) {
      for (let at = 0; at < container.length; at++) container[at] = restored(container[at]) ?? container[at];
    } else {
      for (const [key, item] of Object.entries(container)) {
        const integer = restored(item);
        if (integer !== undefined) setOwn(container, key, integer);
      }
    }
  }
  return root[0];
}

/** Plain assignment would not set an own `__proto__`, which in JSON is a key as any other. */
function setOwn(container: object, key: string, value: bigint): void {
  Object.defineProperty(container, key, { value, writable: true, enumerable: true, configurable: true });
}

/** Writes what `parseJson` read. */
export function stringifyJson(value: unknown): string {
  return JSON.stringify(value, (_key, item) => (typeof item === 'bigint' ? rawJSON(String(item)) : item));
}
