/** Whether the ledger has taken in what was sent, and nothing else. */

import type { AuditReport, Counts } from '../../functions/api/types.ts';
import { Header } from '../../functions/core/names.ts';
import { State } from '../../functions/core/states.ts';
import { deliveryHeader } from '../../functions/ingest/answer.ts';
import type { Difference } from './difference.ts';
import type { Line, Lines } from './lines.ts';
import type { Sent } from './sender.ts';
import { LEFT_TO_DIE, UNREADABLE } from './traffic.ts';

const SAYS = 'docs/audit.md: accepted = applied + stale + quarantined + dead + inFlight';

/** Of the counts those that tell whether something was lost; applied and stale are told by the order of arrival. */
interface Grown {
  readonly accepted: number;
  readonly settled: number;
  readonly quarantined: number;
  readonly dead: number;
  readonly inFlight: number;
}

/** @param isEconomy no line of ingest says what others have sent and was accepted, so that there may be more of those. */
export function compareAudit(
  sent: readonly Sent[],
  lines: Lines,
  before: AuditReport,
  after: AuditReport,
  isEconomy = false,
): readonly Difference[] {
  const differences: Difference[] = [];
  const differ = (what: string, expected: unknown, seen: unknown) =>
    void (
      expected === seen ||
      differences.push({ what, expected: String(expected), seen: String(seen), says: SAYS })
    );
  differ('audit balanced', true, after.balanced);
  for (const { source, id, problem } of after.problems)
    differ(`event ${source}/${id}`, 'no problem', problem);
  for (const source of Object.keys(after.sources)) {
    const wanted = expectedOf(source, sent, lines);
    const [old, now] = [grownOf(before.sources[source]), grownOf(after.sources[source])];
    for (const key of Object.keys(wanted) as (keyof Grown)[]) {
      const [seen, mayBeMore] = [now[key] - old[key], isEconomy && (key === 'accepted' || key === 'settled')];
      differ(`audit ${source} ${key}`, mayBeMore ? Math.max(wanted[key], seen) : wanted[key], seen);
    }
  }
  return differences;
}

function grownOf(counts: Counts | undefined): Grown {
  const { accepted = 0, applied = 0, stale = 0, quarantined = 0, dead = 0, inFlight = 0 } = counts ?? {};
  return { accepted, settled: applied + stale + quarantined + dead, quarantined, dead, inFlight };
}

function expectedOf(source: string, sent: readonly Sent[], lines: Lines): Grown {
  const own = sent.filter((request) => request.source === source && request.outcome === 'accepted');
  const events = own.reduce((sum, request) => sum + request.events, 0);
  const accepted = events + othersOf(source, sent, lines);
  const count = (purpose: string) => own.filter((request) => request.purpose === purpose).length;
  const ended = (outcome: string) =>
    [...lines.groups.worker, ...lines.groups['dead-letters']].filter(
      (line) => line.source === source && line.outcome === outcome && isForeign(line, own),
    ).length;
  return {
    accepted,
    settled: accepted,
    quarantined: count(UNREADABLE) + ended(State.quarantined),
    dead: count(LEFT_TO_DIE) + ended(State.dead),
    inFlight: 0,
  };
}

/** What others have sent meanwhile, by the lines of ingest: on a stage that is in use it is no difference. */
function othersOf(source: string, sent: readonly Sent[], { groups }: Lines): number {
  const own = new Set(sent.map(({ requestId }) => requestId));
  return groups.ingest
    .filter(
      (line) => line.source === source && line.outcome === 'accepted' && !own.has(String(line.requestId)),
    )
    .reduce((sum, { events }) => sum + (typeof events === 'number' ? events : 1), 0);
}

function isForeign({ source, id }: Line, own: readonly Sent[]): boolean {
  const delivery = deliveryHeader(String(source), String(id))[Header.delivery];
  return own.every((request) => request.delivery !== delivery);
}
