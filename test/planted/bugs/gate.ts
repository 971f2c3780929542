/** Faults in `functions/gate`: what the conditional writes let through, and what they leave behind. */
import type { Bug } from '../bug.ts';

const GATE = 'functions/gate/gate.ts';
const CONDITIONS = 'functions/gate/conditions.ts';
const SUBJECT = 'functions/gate/subject.ts';
const by = ['test/gate/gate.test.ts'];

export const gate: readonly Bug[] = [
  {
    name: 'a handler whose lease was cleared commits all the same',
    file: 'functions/gate/lease.ts',
    find: "')} ADD fence :one`",
    replace: "')} ADD cleared :one`",
    by,
  },
  {
    name: 'whoever has the subject by now loses it to a request to clear another lease',
    file: 'functions/gate/lease.ts',
    find: '`${FENCE_IS_OURS} AND ${HAS_LEASE}`',
    replace: '`(${FENCE_IS_OURS} OR fence > :fence) AND ${HAS_LEASE}`',
    by,
  },
  {
    name: 'the same revision passes again',
    file: CONDITIONS,
    find: 'revision < :revision)',
    replace: 'revision <= :revision)',
    by,
  },
  {
    name: 'an event passes again when its revision was raised',
    file: CONDITIONS,
    find: 'eventId <> :event))',
    replace: 'eventId <> :event OR eventId = :event))',
    by: ['test/core/decide-and-gate.test.ts'],
  },
  {
    name: 'a handler is run again for an event that is not the last of its subject',
    file: CONDITIONS,
    find: "'(eventId = :event AND revision = :revision)'",
    replace: "'(attribute_exists(eventId) AND revision = :revision)'",
    by,
  },
  {
    name: 'a request to run a handler again is forgotten once it is done',
    file: GATE,
    find: 'SET forcedBy = :force REMOVE',
    replace: 'SET forcedOnce = :force REMOVE',
    by,
  },
  {
    name: 'a state is projected over the lease of a handler',
    watched: true,
    file: GATE,
    find: "ConditionExpression: `${IS_NEW} AND ${NO_LIVE_LEASE}`,\n      extraValues: { ':now': number(this.#now()), ",
    replace: 'ConditionExpression: IS_NEW,\n      extraValues: { ',
    by,
  },
  {
    name: 'a subject is acquired although a handler has it',
    file: GATE,
    find: '`${condition} AND ${NO_LIVE_LEASE}`',
    replace: '`${condition} AND (${NO_LIVE_LEASE} OR leaseUntil >= :now)`',
    by,
  },
  {
    name: 'a subject is acquired for an event that it has seen',
    file: GATE,
    find: 'condition: IS_NEW,',
    replace: 'condition: `(${IS_NEW} OR attribute_exists(eventId))`,',
    by,
  },
  {
    name: 'a handler that ends late applies its event over a newer one',
    file: GATE,
    find: '`${FENCE_IS_OURS} AND ${IS_NEW}`',
    replace: '`${FENCE_IS_OURS} AND (${IS_NEW} OR attribute_exists(fence))`',
    by,
  },
  {
    name: 'whoever lost the lease commits all the same',
    file: GATE,
    find: '`${FENCE_IS_OURS} AND ${IS_NEW}`',
    replace: '`fence >= :fence AND ${IS_NEW}`',
    by,
  },
  {
    name: 'whoever lost the lease releases that of the next one',
    watched: true,
    file: GATE,
    find: "UpdateExpression: `REMOVE ${LEASE.join(', ')}`,\n      ConditionExpression: FENCE_IS_OURS,",
    replace: "UpdateExpression: `REMOVE ${LEASE.join(', ')}`,\n      ConditionExpression: 'fence >= :fence',",
    by,
  },
  {
    name: 'a fencing number is given out twice',
    file: GATE,
    find: 'ADD fence :one',
    replace: ', fence = :one',
    by,
  },
  {
    name: 'a lease whose answer was lost keeps its own event out',
    file: GATE,
    find: "return why.verdict === 'held' && written.old?.leaseToken?.S === token ? acquired(written.old) : why;",
    replace: 'return why;',
    by,
  },
  {
    name: 'a lease of somebody else is taken for the own one',
    file: GATE,
    find: "why.verdict === 'held' && written.old?.leaseToken?.S === token",
    replace: "why.verdict === 'held' && written.old?.leaseToken?.S !== undefined",
    by,
  },
  {
    name: 'a commit leaves its lease behind',
    file: GATE,
    find: 'this.#applied(event, LEASE)',
    replace: 'this.#applied(event)',
    by,
  },
  {
    name: 'every subject expires',
    watched: true,
    file: GATE,
    find: 'const expiresAt = own ? Math.floor(now / 1000) + this.#retentionSeconds : undefined;',
    replace: 'const expiresAt = Math.floor(now / 1000) + this.#retentionSeconds;',
    by,
  },
  {
    name: 'an event that is its own subject expires within the hour',
    watched: true,
    file: GATE,
    find: 'Math.floor(now / 1000) + this.#retentionSeconds : undefined;',
    replace: 'Math.floor(now / 1000) + 3_600 : undefined;',
    by,
  },
  {
    name: 'a tombstone keeps the revision from before',
    watched: true,
    file: SUBJECT,
    find: 'map((name) => `#${name} = :${name}`);',
    replace:
      "map((name) => name === 'revision' && !('payload' in set) ? '#revision = if_not_exists(#revision, :revision)' : `#${name} = :${name}`);",
    by,
  },
  {
    name: 'what an event does not have stays behind from an older one',
    file: SUBJECT,
    find: '(name) => !(name in set),',
    replace: "(name) => name === 'format' && !(name in set),",
    by,
  },
  {
    name: 'a subject remembers one event before the last one, and not three',
    file: SUBJECT,
    find: "at === 0 ? 'eventId' : RECENT[at - 1]",
    replace: "at >= 0 ? 'eventId' : RECENT[at - 1]",
    by,
  },
];
