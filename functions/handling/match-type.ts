/** Patterns over event types: `invoice.paid` is itself, `invoice.*` whatever begins with `invoice.`, `*` every type. */

/** What is wrong with a pattern; undefined when it is fine. */
export function problemOf(pattern: string): string | undefined {
  const at = pattern.indexOf('*');
  return pattern !== '' && (at < 0 || at === pattern.length - 1)
    ? undefined
    : `"${pattern}": write a type such as "invoice.paid", or its beginning and one * at the end, such as "invoice.*"`;
}

/**
 * The pattern that says most of a type: the type itself before the longest beginning.
 * @returns undefined where none fits.
 */
export function bestMatch(patterns: readonly string[], type: string | undefined): string | undefined {
  if (type === undefined) return undefined;
  if (patterns.includes(type)) return type;
  return patterns
    .filter((pattern) => pattern.endsWith('*') && type.startsWith(pattern.slice(0, -1)))
    .sort((a, b) => b.length - a.length)[0];
}
