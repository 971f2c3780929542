/** What Inlet says of its events, held against what is known without it. */

import { httpBackend } from '../../../cli/http-backend.ts';
import type { AuditReport, Counts, EventDetail } from '../../../functions/api/types.ts';
import { textOf } from '../../../functions/aws/dynamodb.ts';
import { inParallel } from '../../../functions/core/in-parallel.ts';
import { GIVEN_UP, isOneOf, OUTCOMES, State } from '../../../functions/core/states.ts';
import { ledgerId } from '../../../functions/store/ledger/entry.ts';
import { SOURCES, TOKEN } from './config.ts';
import type { Facts } from './facts.ts';
import { patiently } from './patiently.ts';
import type { PlannedEvent } from './webhooks.ts';

const IN_PARALLEL = 8;
const PAGE = 500;

/** The audit has to count what providers were told, by source and outcome, and to find nothing wrong. */
export function wronglyCounted({ events, ledger }: Facts, audit: AuditReport | undefined): string[] {
  if (!audit) return ['the audit does not answer'];
  const problems = audit.balanced
    ? []
    : [`the audit does not balance: ${JSON.stringify(audit.problems.slice(0, 3))}`];
  const expected = new Map<string, Counts>(Object.keys(SOURCES).map((source) => [source, nothing()]));
  for (const [id, { source }] of events) {
    const own = expected.get(source) ?? nothing();
    const state = textOf(ledger.get(id)?.state) ?? '';
    own.accepted += 1;
    if (isOneOf(OUTCOMES, state)) own[state] += 1;
  }
  for (const [source, counts] of expected) {
    const said = audit.sources[source] ?? nothing();
    for (const name of Object.keys(counts) as (keyof Counts)[]) {
      if (said[name] === counts[name]) continue;
      problems.push(`the audit counts ${said[name]} ${name} of ${source} instead of ${counts[name]}`);
    }
  }
  return problems;
}

function nothing(): Counts {
  return { accepted: 0, applied: 0, stale: 0, quarantined: 0, dead: 0, inFlight: 0, unconfirmed: 0 };
}

/** A redrive has to find all that was given up, and the list has to show it and nothing else. */
export async function wronglyListed(url: string, { events, ledger }: Facts): Promise<string[]> {
  const backend = httpBackend(url, TOKEN);
  const listed = new Set<string>();
  const found = new Set<string>();
  await eachPage(async (cursor) => {
    const page = await patiently(() =>
      backend.events({ state: GIVEN_UP.join(','), limit: String(PAGE), cursor }),
    );
    for (const { source, id } of page.events) listed.add(ledgerId(source, id));
    return page.cursor;
  });
  await eachPage(async (cursor) => {
    const page = await patiently(() => backend.redrive({ cursor }, undefined, true));
    for (const { source, id } of page.ids) found.add(ledgerId(source, id));
    return page.cursor;
  });
  const isGivenUp = (id: string) => isOneOf(GIVEN_UP, textOf(ledger.get(id)?.state) ?? '');
  const givenUp = [...events.keys()].filter(isGivenUp);
  return [
    ...givenUp.filter((id) => !listed.has(id)).map((id) => `${id} is not listed`),
    ...givenUp.filter((id) => !found.has(id)).map((id) => `${id} is not found by a redrive`),
    ...[...listed, ...found].filter((id) => !isGivenUp(id)).map((id) => `${id} is listed among the dead`),
  ];
}

async function eachPage(read: (cursor: string | undefined) => Promise<string | null>): Promise<void> {
  let cursor: string | undefined;
  do {
    cursor = (await read(cursor)) ?? undefined;
  } while (cursor !== undefined);
}

/** What the API shows of every event. */
export async function wronglyShown(url: string, facts: Facts): Promise<string[]> {
  const backend = httpBackend(url, TOKEN);
  const problems: string[] = [];
  await inParallel([...facts.events], IN_PARALLEL, async ([id, event]) => {
    const shown = await patiently(() => backend.event(event.source, event.id)).catch(
      (error: Error) => error.message,
    );
    const wrong = typeof shown === 'string' ? [shown] : wrongIn(facts, id, event, shown);
    problems.push(...wrong.map((problem) => `${id}: ${problem}`));
  });
  return problems;
}

function wrongIn(
  { ledger, seen, runs, effects }: Facts,
  id: string,
  event: PlannedEvent,
  shown: EventDetail,
): string[] {
  const state = textOf(ledger.get(id)?.state);
  const { begun = 0 } = runs.get(id) ?? {};
  const hasEffect = effects.has(id);
  const subject = ledgerId(event.source, event.subject ?? event.id);
  const claimsRun = shown.history.some(({ reason }) => reason === 'The handler ran again.');
  const isGivenUp = isOneOf(GIVEN_UP, shown.state);
  return [
    ...(shown.state === state ? [] : [`shown as ${shown.state}, stored as ${state}`]),
    ...(shown.effects.length === (hasEffect ? 1 : 0) ? [] : [`shown with ${shown.effects.length} effects`]),
    ...(event.does !== undefined && shown.attempts > begun + 1
      ? [`counted ${shown.attempts} attempts, and its handler ran ${begun} times`]
      : []),
    ...(claimsRun && !seen.forced.has(subject) && !seen.forced.has(id)
      ? ['said to have run again, which it did not']
      : []),
    ...(isGivenUp && shown.headers === null ? ['given up and not archived'] : []),
    ...(isGivenUp && shown.reason === null ? [`${shown.state} without a reason`] : []),
    ...(shown.state === State.applied && shown.reason !== null ? [`applied, because ${shown.reason}`] : []),
    // With `each`, told the format of 0.1.0, an event of `orders` is its own subject.
    ...(event.source !== 'moving' &&
    event.subject !== undefined &&
    shown.subject !== event.subject &&
    !(event.source === 'orders' && shown.subject === event.id)
      ? [`shown under the subject ${shown.subject}`]
      : []),
  ];
}
