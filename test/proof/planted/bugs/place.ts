/** Faults in where an event passes the gate, when the configuration has changed since it was accepted. */
import type { Bug } from '../bug.ts';

const ATTEMPT = 'functions/worker/attempt.ts';
const SPLIT = 'functions/worker/split.ts';
const READ = 'functions/worker/read-message.ts';
const by = ['test/unit/worker/place.test.ts'];

export const place: readonly Bug[] = [
  {
    name: 'a copy of an event that is over runs its handler again under another configuration',
    file: ATTEMPT,
    find: "if (isOver) return { end: 'settled-before' };",
    replace: '',
    by,
  },
  {
    name: 'ingest forgets where an event passes the gate',
    file: 'functions/ingest/receive.ts',
    find: '...(place && { place }),',
    replace: '',
    by,
  },
  {
    name: 'the archive keeps where an event passes the gate',
    file: 'functions/store/archive/archive.ts',
    find: '    place: _place,\n',
    replace: '',
    by,
  },
  {
    name: 'a batch forgets where its events pass the gate',
    file: SPLIT,
    find: '...(place && { place }),',
    replace: '',
    by,
  },
  {
    name: 'the worker passes the gate where the present configuration says',
    file: READ,
    find: 'placed(delivery.facts, place ?? present)',
    replace: 'placed(delivery.facts, present ?? place)',
    by,
  },
  {
    name: 'a message whose event the configuration has moved does not ask the ledger',
    file: ATTEMPT,
    find: '!(isMoved || isBegun(task))',
    replace: '!isBegun(task)',
    by,
  },
  {
    name: 'a message that says no place does not ask the ledger',
    file: READ,
    find: '!envelope.place || !present ||',
    replace: 'envelope.place && present &&',
    equivalent: 'the entry says where such an event has passed, and the gate there knows that it has',
    by: [],
  },
  {
    name: 'an event without a handler is projected again although it is over',
    file: ATTEMPT,
    find: "if (isOver) return { end: 'settled-before' };",
    replace: "if (source.config.handler !== undefined && isOver) return { end: 'settled-before' };",
    by,
  },
  {
    name: 'a provider’s repeat passes the gate where the present configuration says',
    file: 'functions/store/ledger/accept.ts',
    find: 'furtherMessage(envelope, place)',
    replace: 'furtherMessage(envelope, place && envelope.place)',
    by,
  },
  {
    name: 'an event that is quarantined is given a place',
    file: 'functions/core/place.ts',
    find: 'if (quarantine !== undefined) return undefined;',
    replace: "if (quarantine === '') return undefined;",
    by,
  },
];
