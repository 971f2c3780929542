/**
 * JSON without loss: an integer beyond 2^53 becomes a bigint and is written back digit by digit, because
 * providers use such numbers as ids (`JSON.rawJSON` and reviver sources: ECMAScript "JSON.parse source text
 * access", in Node since 22).
 */
const withSource = JSON as unknown as {
  parse(
    text: string,
    reviver: (key: string, value: unknown, context: { source?: string }) => unknown,
  ): unknown;
  rawJSON(text: string): unknown;
};

/**
 * Parses JSON text.
 * @throws SyntaxError when it is not JSON.
 */
export function parseJson(text: string): unknown {
  // The reviver triples the cost, so it runs only where a long number may stand.
  if (!/\d{16}/.test(text)) return JSON.parse(text);
  return withSource.parse(text, (_key, value, { source }) =>
    typeof value === 'number' && source && !Number.isSafeInteger(value) && /^-?\d+$/.test(source)
      ? BigInt(source)
      : value,
  );
}

/**
 * True when objects and lists are nested deeper than that. `JSON.stringify` recurses, so what is too deep could
 * be read but never written.
 */
export function isNestedDeeper(text: string, limit: number): boolean {
  let depth = 0;
  let inString = false;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (inString) {
      if (code === BACKSLASH) at++;
      else if (code === QUOTE) inString = false;
    } else if (code === QUOTE) inString = true;
    else if (code === OPEN_BRACE || code === OPEN_BRACKET) {
      if (++depth > limit) return true;
    } else if (code === CLOSE_BRACE || code === CLOSE_BRACKET) depth--;
  }
  return false;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

/** Writes what `parseJson` read. */
export function stringifyJson(value: unknown): string {
  return JSON.stringify(value, (_key, item) =>
    typeof item === 'bigint' ? withSource.rawJSON(String(item)) : item,
  );
}
