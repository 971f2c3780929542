/** Copies of a delivery at once, and retries. */
import { claimLongAgo } from '../prepare.ts';
import type { Scenario } from '../scenario.ts';
import { one, several } from './deliveries.ts';

export const ingest: readonly Scenario[] = [
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
];
