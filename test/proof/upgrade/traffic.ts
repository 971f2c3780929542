/** Genuine requests: singly and in batches, repeated, revisions in any order, bodies too large for the queue. */
import { seededRandom, shuffled } from '../../../local/random.ts';
import { signChargify, signDotdigital } from '../../helpers/sign.ts';

export interface Request {
  readonly source: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Ids of the events that it carries. */
  readonly events: readonly string[];
}

const JSON_TYPE = { 'content-type': 'application/json' };
const BATCH = 10;
/** Revisions of one subject. */
const REVISIONS = 6;
/** In base64 more than a message takes. */
const LARGE = 900_000;

/**
 * @param name begins every id.
 * @param count events: a fifth goes to each of messages one by one, messages in batches, orders, payments and notes.
 * @returns each request once and every fourth a second time, in an order that the name decides.
 */
export function traffic(name: string, count: number): readonly Request[] {
  const random = seededRandom([...name].reduce((sum, letter) => sum * 31 + letter.charCodeAt(0), 7));
  const share = Math.ceil(count / 5);
  const numbers = Array.from({ length: share }, (_, n) => n);
  const batched = shuffled(numbers, random);
  const batches = numbers.filter((n) => n % BATCH === 0).map((from) => batched.slice(from, from + BATCH));
  const requests = [
    ...numbers.map((n) => message([messageEvent(`${name}-single`, n)])),
    ...batches.map((some) => message(some.map((n) => messageEvent(`${name}-batched`, n)))),
    ...numbers.map((n) => order(name, n)),
    ...numbers.map((n) => payment(name, n)),
    ...numbers.map((n) => note(name, n, n < 2 ? LARGE : 0)),
  ];
  return shuffled([...requests, ...requests.filter((_, n) => n % 4 === 0)], random);
}

function messageEvent(name: string, n: number) {
  const subject = `${name}-m${Math.floor(n / REVISIONS)}`;
  const revision = n % REVISIONS;
  return {
    eventId: `${subject}-${revision}`,
    apiSpaceId: 'space',
    name: 'message.read',
    payload: { id: subject, details: { channel: 'sms' } },
    revision,
  };
}

function message(events: readonly ReturnType<typeof messageEvent>[]): Request {
  const body = JSON.stringify(events.length === 1 ? events[0] : events);
  const ids = events.map(({ eventId }) => eventId);
  return { source: 'dotdigital', headers: signDotdigital(body), body, events: ids };
}

/** The newest of an order's revisions is fulfilled. */
function order(name: string, n: number): Request {
  const subject = `${name}-o${Math.floor(n / REVISIONS)}`;
  const id = `${subject}-${n % REVISIONS}`;
  const payload = { customer: { id: `customer-${n}` } };
  const event = { id, order: subject, type: 'payment_success', revision: n % REVISIONS, payload };
  return { source: 'orders', headers: JSON_TYPE, body: JSON.stringify(event), events: [id] };
}

function payment(name: string, n: number): Request {
  const id = `${name}-p${n}`;
  const body = `id=${id}&event=payment_success&payload[customer][id]=${n}`;
  return { source: 'chargify', headers: signChargify(body), body, events: [id] };
}

function note(name: string, n: number, padding: number): Request {
  const id = `${name}-n${n}`;
  const event = { id, note: `${name}-${n % REVISIONS}`, text: 'x'.repeat(padding) };
  return { source: 'notes', headers: JSON_TYPE, body: JSON.stringify(event), events: [id] };
}
