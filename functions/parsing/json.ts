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

/** Writes what `parseJson` read. */
export function stringifyJson(value: unknown): string {
  return JSON.stringify(value, (_key, item) =>
    typeof item === 'bigint' ? withSource.rawJSON(String(item)) : item,
  );
}
