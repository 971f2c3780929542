import { PermanentError } from '../../../functions/core/errors.ts';
import type { Call } from './actor.ts';

/** What may become of one call. */
export interface Fate {
  readonly name: string;
  /** @returns a word for the trace; `late` when the call is still on its way. */
  befall(call: Call): Promise<string>;
}

class ConnectionLost extends Error {
  override readonly name = 'TimeoutError';
}

const crashBefore: Fate = {
  name: 'crash before it',
  async befall(call) {
    call.actor.crash();
    return 'never sent';
  },
};

const faults: readonly Fate[] = [
  {
    name: 'crash after it',
    async befall(call) {
      const note = await call.perform();
      call.actor.crash();
      return note;
    },
  },
  {
    name: 'an error',
    async befall(call) {
      call.fail(new ConnectionLost());
      return 'not done';
    },
  },
  {
    name: 'a timeout although it happens',
    async befall(call) {
      const note = await call.perform();
      call.fail(new ConnectionLost());
      return note;
    },
  },
  {
    name: 'a timeout, and it happens later',
    async befall(call) {
      call.fail(new ConnectionLost());
      return 'late';
    },
  },
];

/**
 * It happens, its answer is lost, and the SDK makes it once more: the caller goes on waiting, and learns what becomes of
 * the second. Anything may happen between the two. For a message on the queue: two of it.
 */
const repeated: Fate = {
  name: 'its answer is lost, the SDK makes it again',
  befall: (call) => call.perform(),
};

const permanent: Fate = {
  name: 'the handler gives up for good',
  async befall(call) {
    call.fail(new PermanentError('refused for good'));
    return 'not done';
  },
};

/** The service answers, and does not do all that it was asked for, or something else. */
function otherwise(name: string): Fate {
  return {
    name,
    async befall(call) {
      const note = await call.perform(name);
      call.answer();
      return note;
    },
  };
}

export const fine: Fate = {
  name: 'ok',
  async befall(call) {
    const note = await call.perform();
    call.answer();
    return note;
  },
};

/**
 * What may go wrong with a call. A crash before a call is the same as one after the call before it, so it is
 * listed for an invocation's first call only.
 */
export function faultsOf(call: Call, isFirst: boolean): readonly Fate[] {
  return [
    ...(isFirst ? [crashBefore] : []),
    ...faults,
    ...(call.service === 'outside' ? [permanent] : [repeated]),
    ...call.otherwise.map(otherwise),
  ];
}
