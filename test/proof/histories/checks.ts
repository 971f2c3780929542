import { audit } from '../../../functions/api/audit.ts';
import { createApiParts } from '../../../functions/api/parts.ts';
import { GIVEN_UP, isOneOf, OUTCOMES, type Outcome, State } from '../../../functions/core/states.ts';
import type { History } from './history.ts';
import type { Provider } from './provider.ts';
import { checkReports } from './reported.ts';
import { type DeliverySpec, type EventSpec, hasHandler, keepsState, QUEUES, subjectKey } from './topology.ts';
import type { World } from './world.ts';

/** What a scenario lets one expect. */
export interface Expectation {
  /** The subject of an event and whether it has a handler depend on when it was processed. */
  readonly isReconfigured: boolean;
  /** Events may be given up without a fault. */
  readonly mayGiveUp: boolean;
}

/**
 * The promise, checked when everything has come to rest. What a single write broke, `Watch` has seen.
 */
export async function checkHistory(
  world: World,
  history: History,
  providers: readonly Provider[],
  { isReconfigured, mayGiveUp }: Expectation,
): Promise<readonly string[]> {
  const deliveries = providers.filter(({ acknowledged }) => acknowledged).map(({ spec }) => spec);
  return [
    ...world.watch.violations,
    ...history.violations,
    ...deliveries.flatMap((delivery) =>
      delivery.events.flatMap((event) => checkEvent(world, history, delivery, event, isReconfigured)),
    ),
    ...deliveries.flatMap((delivery) => checkBatch(world, delivery)),
    ...(isReconfigured ? [] : [...checkSubjects(world, deliveries), ...checkStale(world, deliveries)]),
    ...(mayGiveUp || history.mayGiveUp ? [] : checkGivenUp(world)),
    ...(await checkArchive(world)),
    ...checkReports(world),
    ...(await checkAudit(world, deliveries)),
  ];
}

/** Acknowledged ⇒ settled; applied ⇒ applied once, and its effect has happened once. */
function checkEvent(
  world: World,
  history: History,
  { source }: DeliverySpec,
  event: EventSpec,
  isReconfigured: boolean,
): string[] {
  const id = `${source}#${event.id}`;
  const { ledger, expired, applied } = world.watch;
  const there = ledger.get(id)?.state?.S;
  const state = there ?? expired.get(id) ?? 'not in the ledger';
  const problems: string[] = [];
  // An entry that has expired may take the record along of what has happened, but not the event.
  const isFresh = there === undefined || there === State.claimed;
  const isThrough = isFresh && expired.has(id) && isPassed(world, source, event);
  if (!isOneOf(OUTCOMES, state) && !isThrough) problems.push(`${id} was acknowledged and is ${state}`);
  const times = applied.get(id) ?? 0;
  if (there === State.applied && !expired.has(id) && times !== 1)
    problems.push(`${id} is applied in the ledger, its gate took it ${times} times`);
  const effects = history.outside.effects.filter((key) => key === id).length;
  const isDone = isReconfigured ? effects <= 1 : effects === 1;
  if (hasHandler(source) && times > 0 && !isDone) {
    problems.push(`${id} is applied and its effect happened ${effects} times`);
  }
  return problems;
}

/** Whether the subject of an event has taken it or a newer one. */
function isPassed({ watch }: World, source: string, event: EventSpec): boolean {
  if (watch.applied.has(`${source}#${event.id}`)) return true;
  return Number(watch.subjects.get(`${source}#${subjectKey(event)}`)?.revision?.N) >= event.revision;
}

/** A batch whose events have all been taken in has done its work: it is split, whatever it was before. */
function checkBatch({ watch }: World, { source, events }: DeliverySpec): string[] {
  const carriers = [...watch.ledger.values()].filter(
    (item) => item.kind?.S === 'batch' && item.source?.S === source,
  );
  const isSplit = events.every(({ id }) => watch.ledger.has(`${source}#${id}`));
  if (events.length === 1 || !isSplit) return [];
  return carriers
    .filter(({ state }) => state?.S !== State.split)
    .map(({ key, state }) => `the batch ${key?.S} is ${state?.S} although its events are taken in`);
}

/** No event is given up for what AWS does. */
function checkGivenUp({ watch }: World): string[] {
  return [...watch.ledger]
    .filter(([, { state }]) => isOneOf(GIVEN_UP, state?.S ?? ''))
    .map(([id, { state, reason }]) => `${id} is ${state?.S} for no fault of its own: ${reason?.S}`);
}

/** What was given up can be redriven: its envelope is kept. */
async function checkArchive({ watch, read, setup }: World): Promise<string[]> {
  const lacking: string[] = [];
  for (const [id, { state }] of watch.ledger) {
    if (!isOneOf(GIVEN_UP, state?.S ?? '')) continue;
    const isKept = (await read(setup.tables.archive, id)) ?? watch.expiredEnvelopes.has(id);
    if (!isKept) lacking.push(`${id} is ${state?.S} and not archived`);
  }
  return lacking;
}

/** Each subject ends in the state of the highest revision acknowledged, those left aside that were given up. */
function checkSubjects({ watch }: World, deliveries: readonly DeliverySpec[]): string[] {
  const problems: string[] = [];
  const events = deliveries
    .filter(({ source }) => keepsState(source))
    .flatMap(({ source, events }) => events.map((event) => ({ ...event, source })));
  for (const [id, group] of Map.groupBy(events, (event) => `${event.source}#${subjectKey(event)}`)) {
    // An event by itself has no subject.
    if (group.every(({ own }) => own)) continue;
    const live = group.filter((event) => {
      const key = `${event.source}#${event.id}`;
      const state = watch.ledger.get(key)?.state?.S ?? watch.expired.get(key) ?? '';
      return !isOneOf(GIVEN_UP, state);
    });
    const highest = live.toSorted((a, b) => b.revision - a.revision)[0];
    if (!highest) continue;
    const subject = watch.subjects.get(id);
    const [revision, eventId] = [subject?.revision?.N, subject?.eventId?.S];
    if (Number(revision) < highest.revision || revision === undefined) {
      problems.push(`the subject ${id} ends at revision ${revision}, acknowledged was ${highest.revision}`);
    }
    const owner = events.find((event) => event.id === eventId);
    if (owner && String(owner.revision) !== revision) {
      problems.push(
        `the subject ${id} has revision ${revision} of ${eventId}, which is of ${owner.revision}`,
      );
    }
    const state = owner && (owner.deletes ? 'deleted' : 'read');
    if (
      owner &&
      (subject?.state?.S !== state || (subject?.payload === undefined) !== Boolean(owner.deletes))
    ) {
      problems.push(`the subject ${id} is ${subject?.state?.S} after ${eventId}, which leaves it ${state}`);
    }
  }
  return problems;
}

/** What is stale, its subject has a newer revision: an equal one is no reason. */
function checkStale({ watch }: World, deliveries: readonly DeliverySpec[]): string[] {
  return deliveries.flatMap(({ source, events }) =>
    events.flatMap((event) => {
      const id = `${source}#${event.id}`;
      const stands = watch.subjects.get(`${source}#${subjectKey(event)}`)?.revision?.N;
      const isStale = watch.ledger.get(id)?.state?.S === State.stale;
      return isStale && !(Number(stands) > event.revision)
        ? [`${id} of revision ${event.revision} is stale, and its subject stands at ${stands}`]
        : [];
    }),
  );
}

/** The same audit that an operator runs: it balances, and nothing is in flight any more. */
async function checkAudit(world: World, deliveries: readonly DeliverySpec[]): Promise<string[]> {
  const parts = createApiParts({ ...world.setup, deadLetterQueueUrl: QUEUES.deadLetters.url });
  const { balanced, total, problems } = await audit(parts, { patienceMs: 0 });
  const found = problems.map(({ source, id, problem }) => `audit: ${source}#${id}: ${problem}`);
  if (!balanced && found.length === 0) found.push(`audit: ${JSON.stringify(total)} does not balance`);
  if (total.inFlight > 0) found.push(`audit: ${total.inFlight} in flight with nothing under way`);
  const { accepted, applied, stale, quarantined, dead } = total;
  const counted = JSON.stringify({ accepted, applied, stale, quarantined, dead });
  const there = JSON.stringify(countEvents(world, deliveries));
  if (counted !== there) found.push(`audit: counts ${counted}, there are ${there}`);
  return found;
}

/** The events that were acknowledged, each once, by the state of its entry or of the batch that still carries it. */
function countEvents({ watch }: World, deliveries: readonly DeliverySpec[]) {
  const counts = { accepted: 0, applied: 0, stale: 0, quarantined: 0, dead: 0 };
  const states = new Map<string, string | undefined>();
  for (const { source, events } of deliveries) {
    const carrier = [...watch.ledger.values()].find(
      ({ kind, state, source: of }) =>
        events.length > 1 && kind?.S === 'batch' && of?.S === source && state?.S !== State.split,
    );
    for (const { id } of events) {
      const entry = watch.ledger.get(`${source}#${id}`) ?? carrier;
      // Acknowledged was what has expired, not the claim that came after it.
      const isFresh = entry?.state?.S === State.claimed && watch.expired.has(`${source}#${id}`);
      if (entry && !isFresh) states.set(`${source}#${id}`, entry.state?.S);
    }
  }
  for (const state of states.values()) {
    counts.accepted++;
    if (isOneOf(OUTCOMES, state ?? '')) counts[state as Outcome]++;
  }
  return counts;
}
