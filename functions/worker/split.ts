import { isToConfirm } from '../config/mode.ts';
import type { Source } from '../config/sources.ts';
import type { Envelope, SplitProgress } from '../core/envelope.ts';
import { inParallel } from '../core/in-parallel.ts';
import type { Logger } from '../core/log.ts';
import { placeOf } from '../core/place.ts';
import { describeItem } from '../facts/describe.ts';
import { stringifyJson } from '../parsing/json.ts';
import type { Inbox } from '../store/inbox.ts';
import { accept } from '../store/ledger/accept.ts';
import type { Ledger } from '../store/ledger/ledger.ts';

/** Events of one batch that are taken in at the same time. */
const PARALLEL = 16;

/**
 * Takes every event of a batch in, as if it had arrived by itself, from where an earlier invocation has stopped. Safe to
 * repeat after a crash at any point: an event that is on the queue is not sent again.
 * @param hasTime whether one more may be begun; once it says no it says no more.
 * @returns how far it is: whatever is not taken in is left to the next invocation.
 */
export async function splitBatch(
  parts: { ledger: Ledger; inbox: Inbox; log: Logger },
  source: Source,
  batch: Envelope,
  items: readonly unknown[],
  hasTime: () => boolean,
): Promise<SplitProgress> {
  const of = items.length;
  // Another pack, or another configuration, may find other events in the same body.
  let taken = batch.progress?.of === of ? batch.progress.taken : 0;
  await inParallel(items.slice(taken), PARALLEL, async (item) => {
    if (!hasTime()) return;
    // They begin in their order, and this ends only when all that have begun are taken in.
    taken++;
    const body = Buffer.from(stringifyJson(item));
    const facts = describeItem(source, {
      headers: batch.headers,
      subpath: batch.subpath,
      receivedAt: batch.receivedAt,
      body,
    });
    const place = placeOf(facts, parts.ledger.format);
    const common = {
      source: source.name,
      id: facts.id,
      receivedAt: batch.receivedAt,
      batch: batch.id,
    } as const;
    await accept(
      parts,
      { ...common, kind: 'event', facts, place },
      {
        ...common,
        kind: 'event',
        headers: batch.headers,
        subpath: batch.subpath,
        body: body.toString('base64'),
        ...(place && { place }),
      },
      isToConfirm(source.config, place),
    );
  });
  return { taken, of };
}
