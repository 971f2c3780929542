/**
 * For every pack whose source keeps the newest state where nothing handles its events: in whatever order a history comes,
 * each request once or twice, its subject ends as the provider left it. By facts as the proof covers them, and by the rule
 * of `functions/core/decide.ts`.
 */
import { describe, expect, test } from '@jest/globals';
import { modeOf } from '../../../functions/config/mode.ts';
import { decide, rankOf, type Subject } from '../../../functions/core/decide.ts';
import type { EventFacts } from '../../../functions/core/facts.ts';
import { compareRevisions } from '../../../functions/core/revisions.ts';
import type { Provider } from '../../../functions/pack/provider.ts';
import { providers } from '../../../functions/providers/index.ts';
import { RECENT } from '../../../functions/store/gate/subject.ts';
import { type History, SAFE, type Sent, TIED, TOLERABLE } from './histories.ts';
import { factsOf } from './pack-lacks.ts';
import { bareRequest, NOW, provenSample, standFor } from './sample-request.ts';

/** A subject as the gate keeps it: what decides, and what the event applied last has left. */
interface Kept extends Subject {
  readonly state: string;
  readonly payload: unknown;
}

/** As the conditional writes of the gate do. */
function apply(subject: Kept | undefined, event: EventFacts): Kept | undefined {
  if (decide(subject, event, NOW).verdict !== 'apply') return subject;
  const { eventId, ties = [], recent = [] } = subject ?? {};
  const before = eventId === undefined ? [] : [eventId];
  return {
    revision: event.revision,
    eventId: event.id,
    ties: rankOf(subject, event) === 'tie' ? [...new Set([...ties, ...before, event.id])] : [],
    recent: [...before, ...recent].slice(0, RECENT.length),
    state: event.state,
    payload: event.deleted ? undefined : event.payload,
  };
}

/** Every order of some things, of which equal ones are not told apart. */
function ordersOf<T>(things: readonly T[]): readonly (readonly T[])[] {
  if (things.length === 0) return [[]];
  return [...new Set(things)].flatMap((first) => {
    const at = things.indexOf(first);
    return ordersOf(things.toSpliced(at, 1)).map((rest) => [first, ...rest]);
  });
}

/** What a subject may be after the events, whatever the order, if each came once or twice. */
function endsOf(events: readonly EventFacts[]): readonly Kept[] {
  const ends = [...ordersOf(events), ...ordersOf([...events, ...events])].map((order) =>
    order.reduce<Kept | undefined>(apply, undefined),
  );
  const different = new Map(ends.flatMap((end) => (end ? [[end.eventId, end] as const] : [])));
  return [...different.values()];
}

/** The events of a history, each read as the worker reads it from a request that its provider has signed. */
async function eventsOf(pack: Provider, { sent }: History): Promise<readonly EventFacts[]> {
  const stand = standFor(pack);
  const requests = sent.map(({ headers, body, at = NOW }: Sent) =>
    stand.canSign
      ? provenSample(pack, { type: '', headers, body: () => body }, { seed: 1, now: at, stand })
      : bareRequest({ headers, body: Buffer.from(body) }),
  );
  return (await Promise.all(requests)).flatMap((request) => factsOf(pack, request, stand));
}

const packs = new Map(Object.values(providers).map((pack) => [pack.name, pack]));

function packOf(name: string): Provider {
  const pack = packs.get(name);
  if (!pack) throw new Error(`no pack is called ${name}`);
  return pack;
}

const histories = Object.entries({ ...SAFE, ...TOLERABLE }).flatMap(([name, list]) =>
  list.map((history, at) => [name, at + 1, history] as const),
);

describe.each(histories)('%s, history %i', (name, _, history) => {
  test('has one subject, and an order that the proof covers', async () => {
    const events = await eventsOf(packOf(name), history);
    expect(events).toHaveLength(history.sent.length);
    expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);
    expect(new Set(events.map(({ subject }) => subject)).size).toBe(1);
    for (const event of events) expect(event).toMatchObject({ gate: 'subject', quarantine: undefined });
    const revisions = events.map(({ revision }) => revision);
    expect(revisions.toSorted(compareRevisions)).toEqual(revisions);
    expect(new Set(revisions).size).toBe(revisions.length);
  });

  test('ends at the true state in every order', async () => {
    const events = await eventsOf(packOf(name), history);
    const last = events.at(-1);
    const deleted = history.ends === 'deleted';
    expect(last).toMatchObject({ state: history.ends, deleted });
    expect(endsOf(events)).toEqual([
      expect.objectContaining({
        eventId: last?.id,
        state: history.ends,
        payload: deleted ? undefined : last?.payload,
      }),
    ]);
  });
});

test.each(Object.entries(TIED))(
  '%s: of two in one second the one that comes last stays',
  async (name, history) => {
    const [, ...tied] = await eventsOf(packOf(name), history);
    const ends = endsOf(await eventsOf(packOf(name), history));
    expect(tied).toHaveLength(2);
    expect(new Set(ends.map(({ eventId }) => eventId))).toEqual(new Set(tied.map(({ id }) => id)));
  },
);

test('the packs that were judged safe argue for it', () => {
  const names = Object.keys(SAFE);
  expect(names).toHaveLength(15);
  const argued = names.map(packOf).filter(({ events }) => events.snapshots ?? events.discardsOlder);
  expect(argued.map(({ name }) => name)).toEqual(names);
});

test('every pack that keeps the newest state has a history', () => {
  const latest = [...packs.values()].filter((provider) => modeOf({ provider, config: {} }) === 'latest');
  expect(latest.map(({ name }) => name).toSorted()).toEqual(
    Object.keys({ ...SAFE, ...TOLERABLE }).toSorted(),
  );
});
