/** Whether every request has its line in the logs, and says there what it was answered. */
import { RETURNS } from '../../functions/core/fate.ts';
import { type Difference, tally } from './difference.ts';
import type { Line, Lines } from './lines.ts';
import type { Sent } from './sender.ts';

const SAYS = 'docs/operations.md, What it watches itself with: one line for a request, one for an event';

export interface Logged {
  /** Without lines of what went well. */
  readonly isEconomy: boolean;
  readonly hasGateway: boolean;
}

export function compareLogs(
  sent: readonly Sent[],
  { groups, unreadable }: Lines,
  { isEconomy, hasGateway }: Logged,
): readonly Difference[] {
  const ingest = byId(groups.ingest);
  const gateway = byId(groups.gateway);
  const broken = tally(unreadable.map(({ group }) => group));
  return [
    ...[...broken].map(([group, count]) => ({
      what: `log of ${group}`,
      expected: 'JSON lines',
      seen: `${count} that are none, such as ${unreadable.find((line) => line.group === group)?.text}`,
      says: 'docs/operations.md: logs are JSON',
    })),
    ...sent.flatMap(judgeAnswer),
    ...sent.flatMap((request) => judgeIngest(request, ingest, isEconomy)),
    // Where no line can be read, saying it once is enough.
    ...(hasGateway && !broken.has('gateway')
      ? sent.flatMap((request) => judgeGateway(request, gateway))
      : []),
    ...(isEconomy ? [] : judgeFates(sent, [...groups.worker, ...groups['dead-letters']])),
  ];
}

function judgeAnswer(request: Sent): readonly Difference[] {
  const { source, purpose, expected, outcome, status } = request;
  const what = `answer to ${purpose} ${source}`;
  const says = 'docs/architecture.md: every answer carries inlet-outcome';
  if (expected !== undefined && outcome !== expected)
    return [{ what, expected, seen: `${status} ${outcome ?? 'of the gateway'}`, says }];
  if (expected === undefined && status < 429)
    return [
      {
        what,
        expected: 'refused',
        seen: `${status} ${outcome}`,
        says: 'docs/runbook.md, Throttles',
      },
    ];
  return [];
}

function judgeIngest(
  { requestId, source, purpose, outcome, status }: Sent,
  lines: ReadonlyMap<string, readonly Line[]>,
  isEconomy: boolean,
): readonly Difference[] {
  if (requestId === null || outcome === null) return [];
  if (isEconomy && (outcome === 'accepted' || outcome === 'duplicate')) return [];
  const found = lines.get(requestId) ?? [];
  const [line] = found;
  const seen = line ? `${line.status} ${line.outcome} of ${line.source}` : 'none';
  const expected = `${status} ${outcome} of ${source}`;
  return found.length === 1 && seen === expected
    ? []
    : [
        {
          what: `line of ingest for ${purpose} ${requestId}`,
          expected,
          seen: `${found.length}: ${seen}`,
          says: SAYS,
        },
      ];
}

function judgeGateway(
  { requestId, purpose, status, path }: Sent,
  lines: ReadonlyMap<string, readonly Line[]>,
): readonly Difference[] {
  if (requestId === null) return [];
  const found = lines.get(requestId) ?? [];
  const [line] = found;
  const seen = line ? `${line.status} ${line.method} ${line.path}` : 'none';
  const expected = `${status} POST ${path}`;
  return found.length === 1 && seen === expected
    ? []
    : [
        {
          what: `access log for ${purpose} ${requestId}`,
          expected,
          seen: `${found.length}: ${seen}`,
          says: SAYS,
        },
      ];
}

/** Every event that was accepted has a line that says how it ended. */
function judgeFates(sent: readonly Sent[], lines: readonly Line[]): readonly Difference[] {
  const ended = new Set(
    lines
      .filter(({ outcome }) => !RETURNS.some((why) => why === outcome))
      .map(({ source, id }) => `${source}/${id}`),
  );
  return sent
    .filter(({ outcome, delivery }) => outcome === 'accepted' && delivery !== null)
    .filter(({ delivery }) => !ended.has(plain(delivery ?? '')))
    .map(({ purpose, delivery }) => ({
      what: `line of the worker for ${purpose} ${delivery}`,
      expected: 'its fate',
      seen: 'none',
      says: SAYS,
    }));
}

function plain(delivery: string): string {
  const slash = delivery.indexOf('/');
  return `${delivery.slice(0, slash)}/${decodeURIComponent(delivery.slice(slash + 1))}`;
}

function byId(lines: readonly Line[]): ReadonlyMap<string, readonly Line[]> {
  return Map.groupBy(lines, ({ requestId }) => String(requestId));
}
