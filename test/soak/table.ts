import type { SoakReport } from './soak.ts';

/** The report as a table in Markdown. */
export function soakTable({
  sent,
  verdict,
  kills,
  faults,
  sendingSeconds,
  quiescenceSeconds,
}: SoakReport): string {
  const times = sent.times.toSorted((a, b) => a - b);
  const at = (share: number) => `${Math.round(times[Math.floor((times.length - 1) * share)] ?? 0)} ms`;
  const statuses = [...sent.statuses].sort(([a], [b]) => a - b).map(([status, n]) => `${status}: ${n}`);
  const rows: readonly (readonly [string, string | number])[] = [
    ['webhooks', sent.done],
    ['requests, retries included', sent.requests],
    ['answers', statuses.join(', ')],
    ['kills with -9', kills],
    [
      'faults',
      Object.entries(faults)
        .map(([name, n]) => `${name}: ${n}`)
        .join(', '),
    ],
    ['connections dropped by providers', sent.dropped],
    ['webhooks acknowledged', sent.done - sent.givenUp],
    ['different ones among them', sent.acknowledged.size],
    ['webhooks given up by their providers', sent.givenUp],
    ['events acknowledged', verdict.acknowledged],
    ['applied', verdict.applied],
    ['stale', verdict.stale],
    ['quarantined', verdict.quarantined],
    ['dead', verdict.dead],
    ['lost', verdict.lost.length],
    ['applied twice', verdict.appliedTwice.length],
    ['applied unseen', verdict.unseen.length],
    ['subjects behind', verdict.behind.length],
    ['effects missing', verdict.effectsMissing.length],
    ['audit balances', String(verdict.balanced)],
    ['median answer', at(0.5)],
    ['99 % of the answers within', at(0.99)],
    ['slowest answer', at(1)],
    ['sending', `${sendingSeconds.toFixed(0)} s`],
    ['until quiet', `${quiescenceSeconds.toFixed(0)} s`],
  ];
  return ['| what | how many |', '|---|---|', ...rows.map(([name, value]) => `| ${name} | ${value} |`)].join(
    '\n',
  );
}

/** What must not have happened, in words; empty when all is well. */
export function violationsOf({ sent, verdict }: SoakReport): string[] {
  const named = (what: string, ids: readonly string[]) =>
    ids.length > 0 ? [`${ids.length} ${what}: ${ids.slice(0, 20).join(', ')}`] : [];
  return [
    ...named('lost', verdict.lost),
    ...named('applied twice', verdict.appliedTwice),
    ...named('applied unseen', verdict.unseen),
    ...named('subjects behind', verdict.behind),
    ...named('effects missing', verdict.effectsMissing),
    ...(verdict.balanced ? [] : ['the audit does not balance']),
    ...(sent.givenUp > 0 ? [`${sent.givenUp} never acknowledged`] : []),
    ...(sent.times.some((time) => time > 10_000) ? ['an answer took longer than 10 s'] : []),
  ];
}
