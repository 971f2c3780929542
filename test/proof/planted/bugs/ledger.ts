/** Faults in `functions/store/ledger` and `functions/store/archive`: claims, outcomes, redrives, and what is kept. */
import type { Bug } from '../bug.ts';

const CLAIM = 'functions/store/ledger/claim.ts';
const LEDGER = 'functions/store/ledger/ledger.ts';
const OUTCOME = 'functions/store/ledger/outcome.ts';
const REDRIVE = 'functions/store/ledger/redrive.ts';
const ACCEPT = 'functions/store/ledger/accept.ts';
const claims = ['test/unit/store/ledger/claim.test.ts'];
const lost = ['test/unit/store/ledger/lost.test.ts'];
const outcomes = ['test/unit/store/ledger/outcome.test.ts'];
const redrives = ['test/unit/store/ledger/redrive.test.ts'];

export const ledger: readonly Bug[] = [
  {
    name: 'an expired claim is taken for a duplicate',
    watched: true,
    file: CLAIM,
    find: "'attribute_not_exists(id) OR expiresAt < :now'",
    replace: "'attribute_not_exists(id) AND NOT expiresAt < :now'",
    by: claims,
  },
  {
    name: 'a claim that nobody confirmed is taken for a duplicate',
    file: CLAIM,
    find: "? { claim: 'unconfirmed',",
    replace: "? { claim: 'duplicate',",
    by: claims,
  },
  {
    name: 'an event that is quarantined is its own subject for whoever sends it again',
    file: 'functions/store/ledger/entry.ts',
    find: 'if (!place) return { ...item, ...(facts && searched(facts)) };',
    replace: "if (!place) return { ...item, ...(facts && factAttributes({ ...facts, gate: 'subject' })) };",
    by: ['test/unit/worker/place.test.ts'],
  },
  {
    name: 'what a redrive has marked is taken for a duplicate',
    file: CLAIM,
    find: '=== State.claimed || old.redriving',
    replace: '=== State.claimed',
    by: redrives,
  },
  {
    name: 'a confirmation undoes whatever the worker has recorded',
    file: LEDGER,
    find: "UpdateExpression: 'SET #state = :queued, expiresAt = :expiresAt',\n        ConditionExpression: clause,",
    replace:
      "UpdateExpression: 'SET #state = :queued, expiresAt = :expiresAt',\n        ConditionExpression: `(${clause} OR attribute_exists(id))`,",
    by: claims,
  },
  {
    name: 'the own outcome is not recognised when its answer was lost',
    file: LEDGER,
    find: "'attributes' in written || (isBy(written.old, attempt) && written.old?.state?.S === settlement.state)",
    replace: "'attributes' in written",
    by: lost,
  },
  {
    name: 'an attempt that the SDK repeats counts twice',
    file: OUTCOME,
    find: '`${clause} AND (attribute_not_exists(attempt) OR attempt <> :attempt)$',
    replace: '`${clause} AND (:attempt = :attempt)$',
    by: lost,
  },
  {
    name: 'an entry that expired counts as settled',
    file: LEDGER,
    find: 'await this.claim(entry, signal);',
    replace: 'return { old: {} as Item };',
    by: lost,
  },
  {
    name: 'a redrive keeps the attempts that were made',
    file: REDRIVE,
    find: 'attempts = :zero,',
    replace: 'attempts = if_not_exists(attempts, :zero),',
    by: redrives,
  },
  {
    name: 'a redrive leaves its entry to expire as before',
    file: REDRIVE,
    find: "attempts = :zero, expiresAt = :expiresAt';",
    replace: "attempts = :zero, expiredAt = :expiresAt';",
    by: lost,
  },
  {
    name: 'an old redrive confirms the one after it',
    file: REDRIVE,
    find: 'AND redrives = :redrive',
    replace: 'AND redrives >= :redrive',
    by: redrives,
  },
  {
    name: 'an outcome leaves the mark of a redrive behind',
    file: OUTCOME,
    find: "    'redriving',\n    ...(reason",
    replace: "    'redriven',\n    ...(reason",
    by: redrives,
  },
  {
    name: 'the reason of an earlier attempt stands beside a good outcome',
    file: OUTCOME,
    find: "SET ${sets} REMOVE ${removed.join(', ')} ADD",
    replace:
      "SET ${sets}${reason === undefined ? ', #reason = if_not_exists(#reason, #state)' : ''} REMOVE ${['redriving', ...LEASE.filter(() => fence !== undefined && !keepsLease)].join(', ')} ADD",
    by: outcomes,
  },
  {
    name: 'the last failure is counted once more with its outcome',
    file: OUTCOME,
    find: 'number(counted ? 0 : 1)',
    replace: 'number(counted ? 1 : 1)',
    by: outcomes,
  },
  {
    name: 'a claim that nobody confirmed is not sent again',
    file: ACCEPT,
    find: "if (claim === 'duplicate')",
    replace: "if (claim !== 'new')",
    by: ['test/unit/store/ledger/accept.test.ts'],
  },
  {
    name: 'a webhook is acknowledged although it could not be queued',
    file: ACCEPT,
    find: 'signals.enqueue());',
    replace: 'signals.enqueue()).catch(() => undefined);',
    by: ['test/unit/store/ledger/accept.test.ts'],
  },
  {
    name: 'a confirmation that fails refuses what is on the queue',
    file: ACCEPT,
    find: "log.log('WARN', { message, source: entry.source",
    replace: "if (error) throw error;\n      log.log('WARN', { message, source: entry.source",
    by: ['test/unit/store/ledger/accept.test.ts'],
  },
  {
    name: 'an operator’s force is archived and comes back with every replay',
    file: 'functions/store/archive/archive.ts',
    find: '    force: _force,\n',
    replace: '',
    by: ['test/unit/api/replay.test.ts'],
  },
  {
    name: 'a redrive has waited since its event was queued for the first time',
    file: 'functions/store/archive/archive.ts',
    find: '    queuedAt: _queuedAt,\n',
    replace: '',
    by: ['test/unit/worker/waited.test.ts'],
  },
  {
    name: 'a copy of an event that was moved to its subject settles it without its state',
    file: OUTCOME,
    find: '(gate = :gate OR attribute_not_exists(subject))',
    replace: '(gate = :gate OR attribute_exists(id))',
    by: ['test/unit/worker/each.test.ts'],
  },
  {
    name: 'a forced run in vain leaves no word',
    file: 'functions/worker/carry-out.ts',
    find: "if (attempt.end === 'forced') await",
    replace: "if (attempt.end === 'forced' && !attempt.result) await",
    by: ['test/unit/worker/each.test.ts'],
  },
  {
    name: 'a request to run an event again is carried out before it was applied',
    file: 'functions/core/decide.ts',
    find: 'entry.state === State.applied ? unlessHeld',
    replace: "entry.state !== undefined && 'applied' === State.applied ? unlessHeld",
    by: [
      'test/unit/store/gate/entry-gate.test.ts',
      'test/unit/worker/each.test.ts',
      'test/unit/core/decide.test.ts',
    ],
  },
  {
    name: 'a redrive moves an event whose handler is at work',
    file: REDRIVE,
    find: "place?.gate === 'entry' ? clause :",
    replace: "place?.gate !== 'entry' ? clause :",
    by: ['test/unit/worker/moved.test.ts', 'test/unit/worker/each.test.ts'],
  },
  {
    name: 'a redrive that finds a handler at work sends a message all the same',
    file: 'functions/api/send-again.ts',
    find: 'return beginRedrive(parts, await requireEntry(parts, entry.source, entry.id), envelope, turns - 1);',
    replace: 'return begunBefore(await requireEntry(parts, entry.source, entry.id));',
    by: ['test/unit/worker/moved.test.ts'],
  },
  {
    name: 'a handler that hangs loses its lease when its event is given up meanwhile',
    file: 'functions/worker/carry-out.ts',
    find: 'if (!keepsLease) await',
    replace: 'if (!keepsLease || fence > 0) await',
    by: ['test/unit/worker/hanging.test.ts'],
  },
  {
    name: 'a commit that finds its event applied leaves its lease behind',
    file: 'functions/store/gate/gate.ts',
    find: 'if (written.old?.leaseUntil) await',
    replace: 'if (written.old?.leaseUntil && !event) await',
    by: ['test/unit/store/gate/leases.test.ts'],
  },
  {
    name: 'an event by itself is called the newest of its subject where that decides by now',
    file: 'functions/worker/attempt.ts',
    find: '{ ...described, gate: facts.gate }',
    replace: 'described',
    by: ['test/unit/worker/moved.test.ts'],
  },
  {
    name: 'a redrive asks for ever while an entry that was moved has a lease',
    file: 'functions/api/send-again.ts',
    find: 'turns === 1',
    replace: 'turns === 4',
    by: ['test/unit/worker/moved.test.ts'],
  },
  {
    name: 'a serial source holds up the copy of an event that was moved',
    file: 'functions/store/gate/entry-gate.ts',
    find: "return { verdict: 'moved' };",
    replace: "return { verdict: 'held', until: 0 };",
    by: ['test/unit/worker/each.test.ts'],
  },
  {
    name: 'an event is called the newest where nothing is kept of its subject',
    file: 'functions/store/gate/gate.ts',
    find: '(keeps && kept !== undefined)',
    replace: 'keeps',
    by: ['test/unit/worker/each.test.ts'],
  },
];
