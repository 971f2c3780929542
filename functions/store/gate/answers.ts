/** What the gates answer. */

import { type Item, numberOf } from '../../aws/dynamodb.ts';
import type { NotApplied, Verdict } from '../../core/decide.ts';

/** Why an event did not pass. */
export type Refused = Exclude<Verdict | NotApplied | Moved, { readonly verdict: 'apply' }>;

/** A redrive has moved the event elsewhere since this message was sent: its new message passes there. */
export interface Moved {
  readonly verdict: 'moved';
}

/** The event is applied. */
export interface Passed {
  readonly verdict: 'apply';
}

/** The subject is reserved. */
export interface Acquired {
  readonly verdict: 'apply';
  /** Larger than every one given out before for this subject. */
  readonly fence: number;
  /** Attempts that have failed before, where the item that was reserved counts them: an entry does. */
  readonly failures?: number | undefined;
}

export function acquired({ fence, attempts }: Item): Acquired {
  return { verdict: 'apply', fence: numberOf(fence) ?? 0, failures: numberOf(attempts) };
}

/** The SDK repeats a request whose answer was lost, and the repeat meets the lease that the first one took. */
export function unlessOurs(why: Refused, old: Item | undefined, token: string): Acquired | Refused {
  return why.verdict === 'held' && old?.leaseToken?.S === token ? acquired(old) : why;
}

/** A write that was refused for a subject that would let it pass has met another state: it may try again at once. */
export function refused(verdict: Verdict | NotApplied): Refused {
  return verdict.verdict === 'apply' ? { verdict: 'held', until: 0 } : verdict;
}
