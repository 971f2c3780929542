/**
 * Every state of a ledger entry, who writes it and what it means. Whatever else knows of states derives from here: the
 * conditions of the writes, the sums of the audit, the lists, the console, the command line, the picture in
 * `docs/architecture.md` (`npm run docs:states`) and the check of every write in `test/proof/histories`. `npm run lint`
 * refuses the names of states anywhere else.
 */

/**
 * `open`: a message must exist that leads on, or whoever sends the webhook has not been answered. `settled`: over for
 * good. `given-up`: over, until an operator redrives, or a copy of the message goes through after all.
 */
export type Phase = 'open' | 'settled' | 'given-up';

interface StateFacts {
  readonly phase: Phase;
  /** Whether the webhook has certainly been acknowledged: the event counts as accepted. */
  readonly accepted: boolean;
  /** What may be in it. */
  readonly of: 'event' | 'batch' | 'both';
  /** What it tells an operator. */
  readonly means: string;
}

const states = {
  claimed: {
    phase: 'open',
    accepted: false,
    of: 'both',
    means:
      'Taken in, not confirmed: perhaps never queued, perhaps never acknowledged. The next copy is queued again.',
  },
  queued: {
    phase: 'open',
    accepted: true,
    of: 'both',
    means: 'On the queue: its first attempt is to come, or under way.',
  },
  retrying: {
    phase: 'open',
    accepted: true,
    of: 'both',
    means: 'An attempt has failed, the next one comes.',
  },
  applied: {
    phase: 'settled',
    accepted: true,
    of: 'event',
    means:
      'Its handler has succeeded; without one, its state is kept as that of its subject, or it is archived.',
  },
  stale: {
    phase: 'settled',
    accepted: true,
    of: 'event',
    means: 'Older than what its subject had seen, so it was not applied.',
  },
  quarantined: {
    phase: 'given-up',
    accepted: true,
    of: 'both',
    means: 'Cannot be processed as things stand: mend the configuration, then redrive.',
  },
  dead: {
    phase: 'given-up',
    accepted: true,
    of: 'both',
    means: 'All attempts have failed: mend the handler, then redrive.',
  },
  split: {
    phase: 'settled',
    accepted: true,
    of: 'batch',
    means: 'Its events have entries of their own; an empty one had none.',
  },
} as const satisfies Readonly<Record<string, StateFacts>>;

export type State = keyof typeof states;
export const STATES: Readonly<Record<State, StateFacts>> = states;

const names = Object.keys(states) as State[];

/** The states by their names, for code that is about one of them. */
export const State = Object.fromEntries(names.map((name) => [name, name])) as { readonly [S in State]: S };

function those<S extends State>(is: (facts: StateFacts) => boolean): readonly S[] {
  return names.filter((name): name is S => is(STATES[name]));
}

/** No outcome yet. */
export const OPEN = those<'claimed' | 'queued' | 'retrying'>(({ phase }) => phase === 'open');
/** Acknowledged and without an outcome: a message must exist. */
export const IN_FLIGHT = those<'queued' | 'retrying'>(({ phase, accepted }) => phase === 'open' && accepted);
/** What an operator can redrive. */
export const GIVEN_UP = those<'quarantined' | 'dead'>(({ phase }) => phase === 'given-up');
/** Over for good. */
export const FINAL = those<'applied' | 'stale' | 'split'>(({ phase }) => phase === 'settled');
/** The outcomes of an event, in the order in which people read them: with those in flight they sum up to the accepted. */
export const OUTCOMES = those<'applied' | 'stale' | 'quarantined' | 'dead'>(
  ({ phase, of }) => phase !== 'open' && of !== 'batch',
);
/** The states that an event shows to people: it has been accepted, and is no batch. */
export const EVENT_STATES = [...IN_FLIGHT, ...OUTCOMES] as const;

/** What ends a delivery, an event or a batch, for good or until a redrive. */
export type Ending = (typeof FINAL | typeof GIVEN_UP)[number];
export type Outcome = (typeof OUTCOMES)[number];

export function isState(name: string): name is State {
  return Object.hasOwn(STATES, name);
}

/** Whether a state is one of these. */
export function isOneOf<S extends State>(set: readonly S[], state: string): state is S {
  return (set as readonly string[]).includes(state);
}

/** One of the writes that change a state. */
export interface Write {
  readonly from: readonly State[];
  readonly to: readonly State[];
  /** Who may do it. */
  readonly by: string;
  readonly when: string;
}

/** Every write that changes a state. None but these exists, and each is one conditional write. */
export const WRITES = {
  claim: {
    from: [],
    to: [State.claimed],
    by: 'ingest; the worker for the events of a batch, and for an entry that expired before its message was done',
    when: 'a delivery or an event is taken in: there is no entry, or one past its time',
  },
  confirm: {
    from: [State.claimed],
    to: [State.queued],
    by: 'whoever claimed',
    when: 'its message is on the queue',
  },
  acquire: {
    from: [State.claimed, State.queued],
    to: [State.queued],
    by: 'the worker',
    when: 'a handler takes an event that passes by itself: its message was certainly there',
  },
  fail: {
    from: OPEN,
    to: [State.retrying],
    by: 'the worker',
    when: 'an attempt has failed, and another one comes',
  },
  settle: {
    from: OPEN,
    to: [...FINAL, ...GIVEN_UP],
    by: 'the worker; the function behind the dead-letter queue; ingest for a delivery of no events',
    when: 'the outcome is known. The first one stays',
  },
  succeedLate: {
    from: GIVEN_UP,
    to: [State.applied, State.split],
    by: 'the worker',
    when: 'it was given up, and another copy of its message went through',
  },
  redrive: {
    from: GIVEN_UP,
    to: [State.queued],
    by: 'an operator (console, command line, API)',
    when: 'its payload is archived: it is sent again, marked until that is confirmed',
  },
  reclaim: {
    from: IN_FLIGHT,
    to: [State.claimed],
    by: 'an operator (console, command line, API)',
    when: 'its message is lost: the next copy is taken in, or its payload sent where it is archived',
  },
} as const satisfies Readonly<Record<string, Write>>;

/** Whether any write leads from one state to the other. Expiry deletes an entry in any state and is no write. */
export function isTransition(from: State, to: State): boolean {
  return Object.values(WRITES).some(
    (write: Write) => write.from.includes(from) && write.to.includes(to) && from !== to,
  );
}

/** The states from which an outcome may be written. */
export function statesBefore(outcome: State): readonly State[] {
  const writes: readonly Write[] = [WRITES.settle, WRITES.succeedLate];
  return writes.filter(({ to }) => to.includes(outcome)).flatMap(({ from }) => from);
}
