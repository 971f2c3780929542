/**
 * What the histories have found and the code does not keep yet. A violation that is named here fails nothing and is counted;
 * whoever mends one takes it out, and the histories hold it from then on.
 */
export interface KnownFinding {
  /** Number in the list of findings. */
  readonly row: number;
  readonly about: string;
  /** Scenarios in which it can show. */
  readonly scenario: RegExp;
  readonly violation: RegExp;
}

export const known: readonly KnownFinding[] = [
  {
    row: 1,
    about: 'an entry that has expired is taken for settled: its message is deleted, its event never applied',
    scenario: /^expiry-/,
    violation: /acknowledged and is (queued|retrying)$|ends at revision undefined, acknowledged was/,
  },
  {
    row: 7,
    about:
      'the answer of a write is lost and the SDK repeats it: no line of the outcome, a failure counts twice',
    scenario: /./,
    violation: /did not say so$|counts \d+ attempts, and there were \d+$/,
  },
  {
    row: 12,
    about: 'the gate has committed and the outcome is not written to the end: dead over an applied event',
    scenario: /./,
    violation: /was applied and is called dead$/,
  },
  {
    row: 16,
    about: 'a newer event comes between the gate and the outcome: stale over an applied event',
    scenario: /./,
    violation: /was applied and is called stale$/,
  },
];

/** Splits what was found: what is known, and the rest, which breaks the promise. */
export function sortOut(scenario: string, found: readonly string[]) {
  const findingOf = (violation: string) =>
    known.find((one) => one.scenario.test(scenario) && one.violation.test(violation));
  return {
    violations: found.filter((violation) => findingOf(violation) === undefined),
    known: [...new Set(found.flatMap((violation) => findingOf(violation)?.row ?? []))],
  };
}
