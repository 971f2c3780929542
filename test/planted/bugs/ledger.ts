/** Faults in `functions/ledger` and `functions/archive`: claims, outcomes, redrives, and what is kept. */
import type { Bug } from '../bug.ts';

const LEDGER = 'functions/ledger/ledger.ts';
const ACCEPT = 'functions/ledger/accept.ts';
const by = ['test/ledger/ledger.test.ts'];

export const ledger: readonly Bug[] = [
  {
    name: 'an expired claim is taken for a duplicate',
    watched: true,
    file: LEDGER,
    find: "'attribute_not_exists(id) OR expiresAt < :now'",
    replace: "'attribute_not_exists(id) AND NOT expiresAt < :now'",
    by,
  },
  {
    name: 'a claim that nobody confirmed is taken for a duplicate',
    file: LEDGER,
    find: "? { claim: 'unconfirmed',",
    replace: "? { claim: 'duplicate',",
    by,
  },
  {
    name: 'an event that is quarantined is its own subject for whoever sends it again',
    file: 'functions/ledger/entry.ts',
    find: 'if (!place) return { ...item, ...(facts && searched(facts)) };',
    replace: "if (!place) return { ...item, ...(facts && factAttributes({ ...facts, gate: 'subject' })) };",
    by: ['test/worker/place.test.ts'],
  },
  {
    name: 'what a redrive has marked is taken for a duplicate',
    file: LEDGER,
    find: '=== State.claimed || old.redriving',
    replace: '=== State.claimed',
    by,
  },
  {
    name: 'a confirmation undoes whatever the worker has recorded',
    file: LEDGER,
    find: "UpdateExpression: 'SET #state = :queued, expiresAt = :expiresAt',\n        ConditionExpression: clause,",
    replace:
      "UpdateExpression: 'SET #state = :queued, expiresAt = :expiresAt',\n        ConditionExpression: `(${clause} OR attribute_exists(id))`,",
    by,
  },
  {
    name: 'the own outcome is not recognised when its answer was lost',
    file: LEDGER,
    find: "return 'attributes' in written || (isBy(written.old, attempt) && written.old?.state?.S === state);",
    replace: "return 'attributes' in written;",
    by,
  },
  {
    name: 'an attempt that the SDK repeats counts twice',
    file: LEDGER,
    find: '`${clause} AND (attribute_not_exists(attempt) OR attempt <> :attempt)$',
    replace: '`${clause} AND (:attempt = :attempt)$',
    by,
  },
  {
    name: 'an entry that expired counts as settled',
    file: LEDGER,
    find: 'await this.claim(entry, signal);',
    replace: 'return { old: {} as Item };',
    by,
  },
  {
    name: 'a redrive keeps the attempts that were made',
    file: LEDGER,
    find: 'attempts = :zero,',
    replace: 'attempts = if_not_exists(attempts, :zero),',
    by,
  },
  {
    name: 'a redrive leaves its entry to expire as before',
    file: LEDGER,
    find: "attempts = :zero, expiresAt = :expiresAt';",
    replace: "attempts = :zero, expiredAt = :expiresAt';",
    by,
  },
  {
    name: 'an old redrive confirms the one after it',
    file: LEDGER,
    find: 'AND redrives = :redrive',
    replace: 'AND redrives >= :redrive',
    by,
  },
  {
    name: 'an outcome leaves the mark of a redrive behind',
    file: LEDGER,
    find: "      'redriving',\n      ...(reason",
    replace: "      'redriven',\n      ...(reason",
    by,
  },
  {
    name: 'the reason of an earlier attempt stands beside a good outcome',
    file: LEDGER,
    find: "...(reason === undefined ? ['#reason'] : []),",
    replace: '',
    by,
  },
  {
    name: 'the last failure is counted once more with its outcome',
    file: LEDGER,
    find: 'number(counted ? 0 : 1)',
    replace: 'number(counted ? 1 : 1)',
    by,
  },
  {
    name: 'a claim that nobody confirmed is not sent again',
    file: ACCEPT,
    find: "if (claim === 'duplicate')",
    replace: "if (claim !== 'new')",
    by: ['test/ledger/accept.test.ts'],
  },
  {
    name: 'a webhook is acknowledged although it could not be queued',
    file: ACCEPT,
    find: 'signals.enqueue());',
    replace: 'signals.enqueue()).catch(() => undefined);',
    by: ['test/ledger/accept.test.ts'],
  },
  {
    name: 'a confirmation that fails refuses what is on the queue',
    file: ACCEPT,
    find: "log.log('WARN', { message, source: entry.source",
    replace: "if (error) throw error;\n      log.log('WARN', { message, source: entry.source",
    by: ['test/ledger/accept.test.ts'],
  },
  {
    name: 'an operator’s force is archived and comes back with every replay',
    file: 'functions/archive/archive.ts',
    find: '    force: _force,\n',
    replace: '',
    by: ['test/api/replay.test.ts'],
  },
  {
    name: 'a redrive has waited since its event was queued for the first time',
    file: 'functions/archive/archive.ts',
    find: '    queuedAt: _queuedAt,\n',
    replace: '',
    by: ['test/worker/waited.test.ts'],
  },
];
