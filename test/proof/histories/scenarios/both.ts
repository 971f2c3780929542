/** Ingest and worker at once, and bodies in S3. */
import { parkFirst } from '../prepare.ts';
import type { Scenario } from '../scenario.ts';
import { one, several } from './deliveries.ts';

export const both: readonly Scenario[] = [
  {
    name: 'bodies-copies',
    kind: 'both',
    about: 'a body too large for the queue, in two copies with other bytes',
    delivered: [{ spec: { ...one('state', 1), large: true, restless: true }, copies: 2 }],
    workers: 1,
  },
  {
    name: 'bodies-batch',
    kind: 'worker',
    about: 'an event whose body is in S3 in one invocation with another one',
    accepted: [one('effects', 1), one('effects', 2)],
    prepare: parkFirst,
    workers: 1,
    batches: true,
    archive: true,
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
  {
    name: 'both-reclaim',
    kind: 'both',
    about: 'a delivery in two copies is reclaimed although its message is there, and the worker at once',
    delivered: [{ spec: one('effects', 1), copies: 2 }],
    operator: { source: 'effects', id: 'r1', redrives: 0, replays: 0, reclaims: 1 },
    workers: 2,
    archive: true,
  },
  {
    name: 'both-reclaim-batch',
    kind: 'both',
    about:
      'an event of a batch in two copies is reclaimed although its message is there, and the worker at once',
    delivered: [{ spec: several('state', 1, 2), copies: 2 }],
    operator: { source: 'state', id: 'r1', redrives: 0, replays: 0, reclaims: 1 },
    workers: 2,
  },
];
