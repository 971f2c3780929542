/** What AWS and handlers do to a deployed form now and then, so that it leaves the lines that alarms count. */
import type { Tables } from '../../../functions/core/names.ts';
import { capitalized } from '../../../infra/store.ts';
import type { Fault } from './door.ts';
import { FORM, JSON_TYPE, type Site } from './site.ts';

/** Every event goes through in the end, but for the one that cannot be read. */
export async function goThroughOutages(site: Site): Promise<void> {
  const event = (id: string) => Buffer.from(JSON.stringify({ batchid: 'outage', id, owner: 'Ada' }));

  // Ingest cannot reach the queue: the provider is asked to come again, and does.
  await site.during('Ingest', failing('sqs:SendMessage'), async () => {
    const { outcome } = await site.post('tasks', event('unavailable'));
    site.expect(outcome === 'unavailable', `without a queue a request was answered ${outcome}`);
  });
  await site.accept('tasks', event('unavailable'));

  // The ledger cannot be told that an event is on the queue: it is, so it is acknowledged.
  await site.during('Ingest', failing('dynamodb:UpdateItem', 'ledger'), () =>
    site.accept('tasks', event('unconfirmed')),
  );
  const batch = ['unconfirmed-1', 'unconfirmed-2'].map((eventId) => ({ eventId, payload: {} }));
  await site.accept('dotdigital', Buffer.from(JSON.stringify(batch)), JSON_TYPE, { events: batch.length });
  await site.during('Worker', isConfirmation, () => site.drain());

  // What cannot be read is kept for an operator.
  await site.accept('tasks', Buffer.from('{'));
  await site.drain();

  // The subjects cannot be written; a handler fails.
  await site.accept('tasks', event('error'));
  await comeBack(site, failing('dynamodb:UpdateItem', 'subjects'));
  const payment = 'id=2&event=payment_success&payload[subscription][customer][id]=1';
  await site.accept('chargify', Buffer.from(payment), FORM);
  await comeBack(site, failing('dynamodb:PutItem', 'effects'));
}

/** The only message of the inbox fails once, then goes through: as a new copy, for it was given back with a pause. */
async function comeBack(site: Site, fault: Fault): Promise<void> {
  const copy = await site.take();
  await site.put('InboxQueue', copy);
  await site.during('Worker', fault, () => site.drain());
  await site.purge();
  await site.put('InboxQueue', copy);
  await site.drain();
}

/** Fails an action, on one table or anywhere. */
function failing(action: string, table?: keyof typeof Tables): Fault {
  return (call) =>
    call.action === action && (table === undefined || call.resource.includes(`${capitalized(table)}Table`));
}

/** The write that says of a claim that it is on the queue. */
const isConfirmation: Fault = ({ action }, body) =>
  action === 'dynamodb:UpdateItem' &&
  (JSON.parse(body) as { UpdateExpression?: string }).UpdateExpression ===
    'SET #state = :queued, expiresAt = :expiresAt';
