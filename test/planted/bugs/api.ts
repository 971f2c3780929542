/** Faults in `functions/api`: what is sent again, and what the audit says. */
import type { Bug } from '../bug.ts';

const TALLY = 'functions/api/tally.ts';
const SEND_AGAIN = 'functions/api/send-again.ts';
const audit = ['test/api/audit.test.ts'];
const redrive = ['test/api/redrive.test.ts'];

export const api: readonly Bug[] = [
  {
    name: 'a redrive is confirmed before its message is sent',
    file: SEND_AGAIN,
    find: 'await reader.inbox.send({',
    replace:
      'if (redrive !== undefined) await reader.ledger.confirmRedrive(source, key, redrive);\n  await reader.inbox.send({',
    by: redrive,
  },
  {
    name: 'a redrive that was cut short is not sent by the next one',
    file: SEND_AGAIN,
    find: 'if (entry.redriving !== undefined) return entry.redrives;',
    replace: '',
    by: redrive,
  },
  {
    name: 'a replay does not say that its event may be over',
    file: SEND_AGAIN,
    find: '...envelope, again: true, ',
    replace: '...envelope, ',
    by: ['test/worker/second-look.test.ts'],
  },
  {
    name: 'the audit forgets the dead-letter queue',
    file: 'functions/api/queue-depth.ts',
    find: 'if (!reader.deadLetterQueueUrl) return inbox;',
    replace: 'if (inbox) return inbox;',
    by: audit,
  },
  {
    name: 'the audit counts the events of a waiting batch twice',
    file: TALLY,
    find: 'Math.max(0, entry.events - children)',
    replace: 'Math.max(children, entry.events)',
    by: audit,
  },
  {
    name: 'the audit misses a subject that stands at the revision before',
    file: 'functions/api/gate-check.ts',
    find: 'return compareRevisions(revision, expectation.revision) >= 0;',
    replace: 'return compareRevisions(revision, expectation.revision) >= -1;',
    by: audit,
  },
  {
    name: 'the audit balances with more accepted than it knows of',
    file: TALLY,
    find: 'counts.accepted === settled + counts.inFlight',
    replace: 'counts.accepted >= settled + counts.inFlight',
    by: ['test/api/tally.test.ts'],
  },
];
