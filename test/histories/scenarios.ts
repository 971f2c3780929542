import { claimLongAgo, doubleMessages, giveUpFirst } from './prepare.ts';
import type { Scenario } from './scenario.ts';
import type { DeliverySpec, SourceName } from './topology.ts';

const one = (source: SourceName, revision: number): DeliverySpec => ({
  source,
  events: [{ id: `r${revision}`, subject: 'm', revision }],
});

const several = (source: SourceName, ...revisions: number[]): DeliverySpec => ({
  source,
  events: revisions.map((revision) => ({ id: `r${revision}`, subject: 'm', revision })),
});

const own = (source: SourceName): DeliverySpec => ({
  source,
  events: [{ id: 'r1', subject: 'r1', revision: 1, own: true }],
});

const deletion = (source: SourceName, revision: number): DeliverySpec => ({
  source,
  events: [{ id: `r${revision}`, subject: 'm', revision, deletes: true }],
});

const DAY = 86_400_000;

const three = (source: SourceName) => [one(source, 1), one(source, 2), one(source, 3)];

export const scenarios: readonly Scenario[] = [
  {
    name: 'ingest-copies',
    kind: 'ingest',
    about: 'two copies of a delivery at once, and retries',
    delivered: [{ spec: one('state', 1), copies: 2 }],
    workers: 0,
  },
  {
    name: 'ingest-read-back',
    kind: 'ingest',
    about: 'the same where a failed condition does not bring the item along',
    delivered: [{ spec: one('state', 1), copies: 2 }],
    workers: 0,
    readsBack: true,
  },
  {
    name: 'ingest-batch',
    kind: 'ingest',
    about: 'two copies of a batch of two events',
    delivered: [{ spec: several('state', 1, 2), copies: 2 }],
    workers: 0,
  },
  {
    name: 'ingest-expired',
    kind: 'ingest',
    about: 'two copies of a delivery whose old claim has expired',
    prepare: claimLongAgo,
    later: 3_600_000,
    delivered: [{ spec: one('state', 1), copies: 2 }],
    workers: 0,
  },
  {
    name: 'ingest-economy',
    kind: 'ingest',
    about: 'two copies of a delivery whose outcome will be the confirmation',
    delivered: [{ spec: one('state', 1), copies: 2 }],
    workers: 0,
    economy: true,
  },
  {
    name: 'worker-state',
    kind: 'worker',
    about: 'three revisions of one subject, state kept, archive on',
    accepted: three('state'),
    workers: 2,
    archive: true,
  },
  {
    name: 'worker-effects',
    kind: 'worker',
    about: 'three revisions of one subject and a handler with effects',
    accepted: three('effects'),
    workers: 2,
  },
  {
    name: 'worker-two',
    kind: 'worker',
    about: 'two revisions of one subject and a handler with effects',
    accepted: [one('effects', 1), one('effects', 2)],
    workers: 2,
  },
  {
    name: 'worker-one-batch',
    kind: 'worker',
    about: 'three revisions in one invocation, with a handler',
    accepted: three('effects'),
    workers: 2,
    batches: true,
  },
  {
    name: 'worker-twins',
    kind: 'worker',
    about: 'two revisions, each twice on the queue, with a handler',
    accepted: [one('effects', 1), one('effects', 2)],
    prepare: doubleMessages,
    workers: 2,
  },
  {
    name: 'worker-last-receives',
    kind: 'worker',
    about: 'messages near the limit of receives: fresh copies and the dead-letter queue',
    accepted: [one('effects', 1), one('effects', 2)],
    receives: 48,
    workers: 2,
  },
  {
    name: 'worker-split',
    kind: 'worker',
    about: 'a batch of two events is split',
    accepted: [several('state', 1, 2)],
    workers: 2,
  },
  {
    name: 'worker-split-dead',
    kind: 'worker',
    about: 'a batch was given up while a copy of it is alive',
    accepted: [several('state', 1, 2)],
    prepare: (world) => giveUpFirst(world, true),
    workers: 2,
  },
  {
    name: 'worker-dead',
    kind: 'worker',
    about: 'an event whose handler fails every time',
    accepted: [one('effects', 1)],
    failing: true,
    workers: 2,
  },
  {
    name: 'worker-quarantined',
    kind: 'worker',
    about: 'an event without a readable revision, beside a good one',
    accepted: [
      { source: 'state', events: [{ id: 'r1', subject: 'm', revision: 1, unreadable: true }] },
      one('state', 2),
    ],
    workers: 2,
  },
  {
    name: 'worker-redrive',
    kind: 'worker',
    about: 'a dead event is redriven twice at once, beside a newer one',
    accepted: [one('effects', 1), one('effects', 2)],
    prepare: (world) => giveUpFirst(world, false),
    operator: { source: 'effects', key: 'r1', redrives: 2, replays: 0 },
    workers: 1,
  },
  {
    name: 'worker-redrive-live',
    kind: 'worker',
    about: 'a dead event is redriven while a copy of it is alive',
    accepted: [one('effects', 1)],
    prepare: (world) => giveUpFirst(world, true),
    operator: { source: 'effects', key: 'r1', redrives: 1, replays: 0 },
    workers: 2,
  },
  {
    name: 'worker-replay',
    kind: 'worker',
    about: 'an event is replayed beside its own message and a newer event',
    accepted: [one('state', 1), one('state', 2)],
    operator: { source: 'state', key: 'r1', redrives: 0, replays: 1 },
    workers: 1,
    archive: true,
  },
  {
    name: 'worker-forced',
    kind: 'worker',
    about: 'the handler of an applied event is run again twice at once, beside a newer event',
    accepted: [one('effects', 1), one('effects', 2)],
    operator: { source: 'effects', key: 'r1', redrives: 0, replays: 0, forces: 2 },
    workers: 2,
    archive: true,
  },
  {
    name: 'worker-own',
    kind: 'worker',
    about: 'an event that is its own subject, twice on the queue, with a handler',
    accepted: [own('effects')],
    prepare: doubleMessages,
    workers: 2,
  },
  {
    name: 'worker-tie',
    kind: 'worker',
    about: 'two events of the same revision of a subject',
    accepted: [one('state', 1), { source: 'state', events: [{ id: 'r1-again', subject: 'm', revision: 1 }] }],
    workers: 2,
  },
  {
    name: 'worker-tombstone',
    kind: 'worker',
    about: 'a delete between two revisions of its subject',
    accepted: [one('state', 1), deletion('state', 2)],
    workers: 2,
  },
  // A retention of a day is refused: it stands for whatever else makes an entry go before its message.
  {
    name: 'expiry-entry',
    kind: 'worker',
    about: 'entries and archive expire while the messages of their events wait',
    accepted: [one('effects', 1)],
    workers: 1,
    archive: true,
    retentionDays: 1,
    expires: true,
  },
  {
    name: 'expiry-failing',
    kind: 'worker',
    about: 'the entry of an event whose handler fails every time expires between two attempts',
    accepted: [one('effects', 1)],
    failing: true,
    workers: 1,
    retentionDays: 1,
    expires: true,
  },
  {
    name: 'expiry-batch',
    kind: 'worker',
    about: 'a batch and its events expire while it is split',
    accepted: [several('state', 1, 2)],
    workers: 1,
    retentionDays: 1,
    expires: true,
  },
  {
    name: 'expiry-again',
    kind: 'both',
    about: 'a delivery comes again and is replayed as its entry expires',
    delivered: [{ spec: one('effects', 1), copies: 2 }],
    operator: { source: 'effects', key: 'r1', redrives: 0, replays: 1 },
    workers: 1,
    archive: true,
    retentionDays: 1,
    expires: true,
  },
  {
    name: 'expiry-redrive',
    kind: 'worker',
    about: 'a dead event is redriven a minute before it expires, and fails once more',
    accepted: [one('effects', 1)],
    failing: true,
    prepare: (world) => giveUpFirst(world, false),
    later: 30 * DAY - 60_000,
    operator: { source: 'effects', key: 'r1', redrives: 1, replays: 0 },
    workers: 1,
    expires: true,
  },
  {
    name: 'expiry-replay',
    kind: 'worker',
    about: 'an applied event is replayed a minute before it expires, beside a newer one',
    accepted: [one('effects', 1), one('effects', 2)],
    workedOff: true,
    later: 30 * DAY - 60_000,
    operator: { source: 'effects', key: 'r1', redrives: 0, replays: 1 },
    workers: 1,
    archive: true,
    expires: true,
  },
  {
    name: 'expiry-own',
    kind: 'worker',
    about: 'an applied event that is its own subject is replayed a minute before both expire',
    accepted: [own('effects')],
    workedOff: true,
    later: 30 * DAY - 60_000,
    operator: { source: 'effects', key: 'r1', redrives: 0, replays: 1 },
    workers: 1,
    archive: true,
    expires: true,
  },
  {
    name: 'both-effects',
    kind: 'both',
    about: 'two deliveries, one in two copies, and the worker at once',
    delivered: [
      { spec: one('effects', 1), copies: 2 },
      { spec: one('effects', 2), copies: 1 },
    ],
    workers: 2,
  },
  {
    name: 'both-economy',
    kind: 'both',
    about: 'two deliveries, one in two copies, and the worker at once, without confirmations',
    delivered: [
      { spec: one('effects', 1), copies: 2 },
      { spec: one('effects', 2), copies: 1 },
    ],
    workers: 2,
    economy: true,
  },
  {
    name: 'both-state',
    kind: 'both',
    about: 'three deliveries and the worker at once',
    delivered: [
      { spec: one('state', 1), copies: 2 },
      { spec: one('state', 2), copies: 1 },
      { spec: one('state', 3), copies: 1 },
    ],
    workers: 2,
  },
  {
    name: 'both-batch',
    kind: 'both',
    about: 'a batch in two copies, one of its events also by itself, and the worker at once',
    delivered: [
      { spec: several('state', 1, 2), copies: 2 },
      { spec: one('state', 2), copies: 1 },
    ],
    workers: 2,
  },
];

export function scenarioNamed(name: string): Scenario {
  const found = scenarios.find((scenario) => scenario.name === name);
  if (!found) throw new Error(`no scenario ${name}; there are ${scenarios.map((it) => it.name).join(', ')}`);
  return found;
}
