/**
 * Whether a source wants the newest event of each subject or every event once. A guess at the order of events costs none:
 * the newest wins only where the configuration says so, or where the pack argues that it may
 * (`docs/decisions/0051-modes.md`).
 */

import type { Place } from '../core/place.ts';
import type { Provider } from '../pack/provider.ts';
import type { SourceConfig } from './config.ts';

export type Mode = 'latest' | 'each';

/** Whether an event's claim has to be confirmed: a handler's lease does, where the event passes by itself. */
export function isToConfirm({ handler }: Pick<SourceConfig, 'handler'>, place: Place | undefined): boolean {
  return handler === undefined || place?.gate !== 'entry';
}

interface Rules {
  readonly provider: Pick<Provider, 'events'>;
  readonly config: Pick<SourceConfig, 'mode' | 'handler' | 'subject' | 'revision'>;
}

/**
 * The mode of a source. A handler gets every event, unless its provider's documentation tells receivers to discard older
 * revisions. Without one the newest state is kept where the events say all of it in a strict order, as the pack argues or
 * the configuration does by naming the revision. Without a subject there is nothing that one could be the newest of.
 */
export function modeOf({ provider, config }: Rules): Mode {
  const { snapshots, discardsOlder, subject = config.subject } = provider.events;
  if (config.mode !== undefined) return config.mode;
  const argued =
    config.handler === undefined ? (config.revision ?? snapshots ?? discardsOlder) : discardsOlder;
  return argued === undefined || subject === undefined ? 'each' : 'latest';
}
