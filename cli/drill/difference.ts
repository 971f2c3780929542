/** Something that is not as the documentation says. */
export interface Difference {
  readonly what: string;
  readonly expected: string;
  readonly seen: string;
  /** Where the documentation says so. */
  readonly says: string;
}

/** How often each occurs. */
export function tally(keys: Iterable<string>): Map<string, number> {
  const counts = new Map<string, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}

/** One difference for each key whose counts are not the same. */
export function compareCounts(
  expected: ReadonlyMap<string, number>,
  seen: ReadonlyMap<string, number>,
  says: string,
  what: (key: string) => string = (key) => key,
): readonly Difference[] {
  const keys = [...new Set([...expected.keys(), ...seen.keys()])].sort();
  return keys.flatMap((key) => {
    const [wanted = 0, found = 0] = [expected.get(key), seen.get(key)];
    return wanted === found ? [] : [{ what: what(key), expected: String(wanted), seen: String(found), says }];
  });
}
