import type { SoakReport } from './soak.ts';

/** The report as a table in Markdown. */
export function soakTable(report: SoakReport): string {
  return [
    '| what | how many |',
    '|---|---|',
    ...rowsOf(report).map(([name, value]) => `| ${name} | ${value} |`),
  ].join('\n');
}

function rowsOf({ sent, asked, disturbed, verdict, sendingSeconds, quietSeconds }: SoakReport) {
  const times = sent.times.toSorted((a, b) => a - b);
  const at = (share: number) => `${Math.round(times[Math.floor((times.length - 1) * share)] ?? 0)} ms`;
  const { outcomes, runs } = verdict;
  const rows: readonly (readonly [string, string | number])[] = [
    ['webhooks', sent.done],
    ['of these with a body in S3', sent.parked],
    ['requests, retries included', sent.requests],
    ['answers', list(Object.fromEntries([...sent.statuses].sort(([a], [b]) => a - b)))],
    ['connections dropped by providers', sent.dropped],
    ['kills with -9', disturbed.kills],
    ['restarts of the stand-ins', disturbed.standInRestarts],
    ['faults', list(disturbed.faults)],
    ['other configurations', disturbed.deployments],
    ['what they changed', list(disturbed.changes)],
    ["operator's calls", list(asked.done)],
    ['of these refused, failed', `${asked.refused}, ${asked.failed}`],
    ['events redriven', asked.redriven],
    ['events replayed', asked.replayed],
    ['forced runs asked for, ended', `${sumOf(asked.forced.values())}, ${verdict.forcedRuns}`],
    ["handlers' runs", list(runs)],
    ['webhooks given up by their providers', sent.givenUp],
    ['events acknowledged', verdict.events],
    ['outcomes', list(outcomes)],
    ['lost', verdict.lost.length],
    ['applied twice', verdict.appliedTwice.length],
    ['effects wrong', verdict.effectsWrong.length],
    ['backwards', verdict.backwards.length],
    ['reported wrong', verdict.reportedWrong.length],
    ['median answer', at(0.5)],
    ['99 % of the answers within', at(0.99)],
    ['slowest answer', at(1)],
    ['sending, until quiet', `${sendingSeconds.toFixed(0)} s, ${quietSeconds.toFixed(0)} s`],
  ];
  return rows;
}

function list(sums: Readonly<Record<string, number>>): string {
  return Object.entries(sums)
    .map(([name, n]) => `${name}: ${n}`)
    .join(', ');
}

function sumOf(numbers: Iterable<number>): number {
  return [...numbers].reduce((all, one) => all + one, 0);
}

/** What must not have happened, in words; empty when all is well. */
export function violationsOf({ sent, verdict }: SoakReport): string[] {
  const named = (what: string, found: readonly string[]) =>
    found.length > 0 ? [`${found.length} ${what}:\n  ${found.slice(0, 20).join('\n  ')}`] : [];
  return [
    ...named('lost', verdict.lost),
    ...named('applied twice', verdict.appliedTwice),
    ...named('effects wrong', verdict.effectsWrong),
    ...named('backwards', verdict.backwards),
    ...named('reported wrong', verdict.reportedWrong),
    ...(sent.givenUp > 0 ? [`${sent.givenUp} never acknowledged`] : []),
    ...(sent.times.some((time) => time > 10_000) ? ['an answer took longer than 10 s'] : []),
  ];
}
