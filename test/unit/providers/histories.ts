/** The histories of `histories/`: which of them must hold of a pack is what was judged of its snapshots. */
import { content } from './histories/content.ts';
import type { History } from './histories/history.ts';
import { messages } from './histories/messages.ts';
import { payments } from './histories/payments.ts';
import { people } from './histories/people.ts';
import { tied } from './histories/tied.ts';
import { tolerable } from './histories/tolerable.ts';

export type { History, Sent } from './histories/history.ts';

/** By pack: those that were judged safe to project. */
export const SAFE: Readonly<Record<string, readonly History[]>> = {
  ...content,
  ...messages,
  ...payments,
  ...people,
};

/** By pack: those that are tolerable without a handler. */
export const TOLERABLE = tolerable;

/** By pack that orders by seconds: the last two in one of them, so that either may be the last. */
export const TIED = tied;
