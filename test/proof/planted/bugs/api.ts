/** Faults in `functions/api`: what is sent again, and what the audit says. */
import type { Bug } from '../bug.ts';

const TALLY = 'functions/api/tally.ts';
const SEND_AGAIN = 'functions/api/send-again.ts';
const PLACE = 'functions/api/place-to-send.ts';
const place = ['test/unit/worker/place.test.ts'];
const audit = ['test/unit/api/audit.test.ts'];
const redrive = ['test/unit/api/redrive.test.ts'];

export const api: readonly Bug[] = [
  {
    name: 'a redrive is confirmed before its message is sent',
    watched: true,
    file: SEND_AGAIN,
    find: 'await parts.inbox.send({',
    replace:
      'if (redrive !== undefined) await parts.ledger.confirmRedrive(source, id, redrive);\n  await parts.inbox.send({',
    by: redrive,
  },
  {
    name: 'a redrive that was cut short is not sent by the next one',
    file: SEND_AGAIN,
    find: 'redrive: entry.redriving === undefined ? undefined : entry.redrives,',
    replace: 'redrive: undefined,',
    by: redrive,
  },
  {
    name: 'a replay does not say that its event may be over',
    file: 'functions/core/envelope.ts',
    find: '...(place && { place }), again: true }',
    replace: '...(place && { place }) }',
    by: place,
  },
  {
    name: 'a redrive keeps the place that its event had',
    file: PLACE,
    find: "return verdict === 'repeat' ? was : now;",
    replace: "return verdict === 'repeat' ? now : was;",
    by: place,
  },
  {
    name: 'a redrive into quarantine forgets where its event was applied',
    file: PLACE,
    find: '(now && isSamePlace(was, now))',
    replace: '!now || isSamePlace(was, now)',
    by: place,
  },
  {
    name: 'a redrive moves an event that was applied and not recorded',
    file: PLACE,
    find: "return verdict === 'repeat' ? was : now;",
    replace: 'return verdict ? now : was;',
    by: place,
  },
  {
    name: 'a redrive moves an event while a handler is at work on it',
    file: PLACE,
    find: "if (verdict === 'held') throw",
    replace: "if (verdict === 'held' && !item) throw",
    by: place,
  },
  {
    name: 'a redrive does not write down where its event passes the gate',
    file: SEND_AGAIN,
    find: 'await parts.ledger.reopen(entry.source, entry.id, place);',
    replace: 'await parts.ledger.reopen(entry.source, entry.id, entry.place);',
    by: place,
  },
  {
    name: 'a reclaim forgets where its event passes the gate',
    file: 'functions/api/reclaim.ts',
    find: 'furtherMessage(envelope, entry.place)',
    replace: 'furtherMessage(envelope, entry && undefined)',
    by: place,
  },
  {
    name: 'the audit forgets the dead-letter queue',
    watched: true,
    file: 'functions/api/queue-depth.ts',
    find: 'if (!parts.deadLetterQueueUrl) return inbox;',
    replace: 'if (inbox) return inbox;',
    by: ['test/unit/api/queue-depth.test.ts'],
  },
  {
    name: 'the audit counts the events of a waiting batch twice',
    file: TALLY,
    find: 'Math.max(0, batch.events - (confirmedChildren.get(batch.itemId) ?? 0))',
    replace: 'Math.max(0, batch.events)',
    by: ['test/unit/api/tally.test.ts'],
  },
  {
    name: 'the audit counts a batch that was given up as one event',
    file: TALLY,
    find: "if (entry.kind === 'batch' && isOneOf(STANDING, entry.state)) standing",
    replace: "if (entry.kind === 'batch' && isOneOf(OPEN, entry.state)) standing",
    by: ['test/unit/api/tally.test.ts'],
  },
  {
    name: 'the audit takes an event that a split batch never confirmed for one that nobody acknowledged',
    file: TALLY,
    find: 'if (state === State.split && entry.reclaimedAt === undefined)',
    replace: 'if (state === State.split && entry.reclaimedAt !== undefined)',
    by: ['test/unit/api/tally.test.ts'],
  },
  {
    name: 'the audit believes every "stale"',
    file: 'functions/api/gate-check.ts',
    find: ", stale: 'labelled stale at' }",
    replace: ' }',
    by: audit,
  },
  {
    name: 'the audit does not look where a subject stands',
    file: 'functions/api/gate-check.ts',
    find: "rankOf({ revision }, event) !== 'newer'",
    replace: "rankOf({ revision }, event) !== 'full'",
    by: audit,
  },
  {
    name: 'the audit takes what an operator has lifted for a fault',
    file: 'functions/api/gate-check.ts',
    find: '[textOf(item?.revision), textOf(item?.[LIFTED])]',
    replace: '[textOf(item?.revision)]',
    by: ['test/unit/api/reset-subject.test.ts'],
  },
  {
    name: 'a preview of a reset resets',
    file: 'functions/api/reset-subject.ts',
    find: 'if (dryRun) return { ...answer, was, reset: false };',
    replace: '',
    by: ['test/unit/api/reset-subject.test.ts'],
  },
  {
    name: 'the audit balances with more accepted than it knows of',
    file: TALLY,
    find: 'counts.accepted === settled + counts.inFlight',
    replace: 'counts.accepted >= settled + counts.inFlight',
    by: ['test/unit/api/tally.test.ts'],
  },
];
