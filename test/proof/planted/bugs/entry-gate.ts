/** Faults in the gate of an event by itself, which is its own entry: `functions/store/gate/entry-gate.ts` and the ledger's writes. */
import type { Bug } from '../bug.ts';

const GATE = 'functions/store/gate/entry-gate.ts';
const OUTCOME = 'functions/store/ledger/outcome.ts';
const by = ['test/unit/store/gate/entry-gate.test.ts'];

export const entryGate: readonly Bug[] = [
  {
    name: 'an outcome is written without the fence',
    file: OUTCOME,
    find: '...(fence === undefined ? [] : [FENCE_IS_OURS]),',
    replace: "...(fence === undefined ? [] : [':fence = :fence']),",
    by,
  },
  {
    name: 'a failure is counted without the fence',
    file: OUTCOME,
    find: "fence === undefined ? '' : ` AND ${FENCE_IS_OURS}`",
    replace: "fence === undefined ? '' : ' AND :fence = :fence'",
    by,
  },
  {
    name: 'a claim that takes the place of an expired entry restarts the fence',
    file: 'functions/store/gate/fence.ts',
    find: "set: 'fence = :now'",
    replace: "set: 'fenced = :now'",
    by,
  },
  {
    name: 'a failure keeps the lease',
    file: OUTCOME,
    find: 'const ends = fence !== undefined && !keepsLease;',
    replace: 'const ends = false;',
    by,
  },
  {
    name: 'a handler that hangs loses its lease',
    file: OUTCOME,
    find: 'const ends = fence !== undefined && !keepsLease;',
    replace: 'const ends = fence !== undefined;',
    by,
  },
  {
    name: 'what ends an event takes the lease from a handler that hangs',
    file: OUTCOME,
    find: '...(fence === undefined || keepsLease ? [] : LEASE),',
    replace: '...(keepsLease ? [] : LEASE),',
    by,
  },
  {
    name: 'the last attempt of a handler that hangs ends its lease',
    file: OUTCOME,
    find: 'fence === undefined || keepsLease ? [] : LEASE',
    replace: 'fence === undefined ? [] : LEASE',
    by: ['test/unit/worker/hanging.test.ts'],
  },
  {
    name: 'a lease is taken over while it lives',
    file: GATE,
    find: '`${condition} AND ${NO_LIVE_LEASE} AND ${fence.condition}`',
    replace: '`${condition} AND ${fence.condition}`',
    by,
  },
  {
    name: 'a lease leaves the claim unconfirmed',
    file: GATE,
    find: "confirms ? '#state = :queued, ' : ''",
    replace: "confirms ? 'confirmed = :queued, ' : ''",
    by,
  },
  {
    name: 'a lease leaves the time of the entry as it is',
    file: GATE,
    find: 'seenAt = :now, expiresAt = :expiresAt, ${fence.set}',
    replace: 'seenAt = :now, extendedTo = :expiresAt, ${fence.set}',
    by,
  },
  {
    name: 'a missing entry is an outcome',
    file: GATE,
    find: '        await this.#ledger.claim(entry);\n        continue;',
    replace: "        return { verdict: 'repeat' };",
    by,
  },
  {
    name: 'a lease lost with the failure drops the message',
    file: 'functions/worker/carry-out.ts',
    find: 'return state === undefined || isOneOf(OPEN, state);',
    replace: 'return false;',
    by: ['test/unit/worker/each.test.ts'],
  },
  {
    name: 'a handler of one subject runs beside another although the source is serial',
    file: 'functions/store/gate/serial.ts',
    find: '`${NO_LIVE_LEASE} AND ${fence.condition} AND ',
    replace: '`${fence.condition} AND ',
    by: ['test/unit/worker/each.test.ts'],
  },
  {
    name: 'a request to run a handler again is carried out although another has the lease by now',
    file: 'functions/store/gate/endings.ts',
    find: '`${FENCE_IS_OURS} AND ${NOT_FORCED_YET}`',
    replace: '`:fence = :fence AND ${NOT_FORCED_YET}`',
    by,
  },
];
