import { encodeEnvelope } from '../../../functions/core/envelope.ts';
import type { messageEvent } from '../../helpers/sign.ts';

/** Accepted events of `dotdigital` as the queue hands them to the worker; their message ids are `m0`, `m1`, … */
export function messageRecords(events: readonly ReturnType<typeof messageEvent>[]) {
  return events.map((event, n) => ({
    messageId: `m${n}`,
    receiptHandle: 'expired',
    attributes: { ApproximateReceiveCount: '1' },
    body: encodeEnvelope({
      source: 'dotdigital',
      id: event.eventId,
      kind: 'event',
      receivedAt: Date.now(),
      headers: { 'content-type': 'application/json' },
      subpath: '',
      body: Buffer.from(JSON.stringify(event)).toString('base64'),
    }),
  }));
}
