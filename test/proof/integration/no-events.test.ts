/** Authentic requests without an event: an empty list, and the check of a new URL. */
import { createHmac } from 'node:crypto';
import { expect, test } from '@jest/globals';
import type { AuditReport, EventPage } from '../../../functions/api/types.ts';
import { UnavailableError } from '../../../functions/core/errors.ts';
import { acceptEmpty } from '../../../functions/ingest/accept-empty.ts';
import { Deadline } from '../../../functions/ingest/deadline.ts';
import { Ledger } from '../../../functions/store/ledger/ledger.ts';
import { createContext } from '../../helpers/context.ts';
import { signDotdigital } from '../../helpers/sign.ts';

const KEY = 'the webhooks key of this app';
const { local, logged, post, api } = await createContext({
  config: { sources: { dotdigital: { provider: 'dotdigital' }, xero: { provider: 'xero' } } },
  secrets: { xero: [KEY] },
});

test('an empty list is a delivery that is over at once, and a repeat of it a duplicate', async () => {
  const accepted = await post('dotdigital', '[]', signDotdigital('[]'));
  expect([accepted.status, accepted.headers.get('inlet-outcome')]).toEqual([202, 'accepted']);
  const delivery = accepted.headers.get('inlet-delivery') ?? '';
  expect(delivery).toMatch(/^dotdigital\/[0-9a-f]{40}$/);
  const repeated = await post('dotdigital', '[]', signDotdigital('[]'));
  expect(repeated.headers.get('inlet-outcome')).toBe('duplicate');
  expect(repeated.headers.get('inlet-delivery')).toBe(delivery);

  const stored = await api(`/api/events/${delivery}`);
  expect(stored.body).toMatchObject({ state: 'split', reason: expect.stringContaining('no event') });
  expect(((await api('/api/events')).body as EventPage).events).toEqual([]);
  expect((await api('/api/audit')).body as AuditReport).toMatchObject({
    balanced: true,
    total: { accepted: 0, inFlight: 0, unconfirmed: 0 },
    queues: { messages: 0 },
  });
  expect(logged.filter(({ events }) => events === 0)).toHaveLength(2);
});

test('what nothing proves is refused, empty or not', async () => {
  const answer = await post('dotdigital', '[]', signDotdigital('[1]'));
  expect([answer.status, answer.headers.get('inlet-outcome')]).toEqual([401, 'rejected']);
});

test('an end that cannot be written down is written down by the repeat', async () => {
  const { dynamodb, tables, now, log } = local.setup;
  const ledger = new Ledger(dynamodb, tables.ledger, 3_600, now);
  const broken = new Ledger(dynamodb, tables.ledger, 3_600, now);
  broken.settle = () => Promise.reject(new UnavailableError('settle'));
  const entry = {
    source: 'dotdigital',
    id: 'cut-short',
    kind: 'batch',
    events: 0,
    receivedAt: now(),
  } as const;
  expect(await acceptEmpty({ ledger: broken, log }, entry, new Deadline())).toBe('accepted');
  expect((await api('/api/audit')).body).toMatchObject({ balanced: true, total: { unconfirmed: 0 } });
  expect(await acceptEmpty({ ledger, log }, entry, new Deadline())).toBe('accepted');
  expect(await acceptEmpty({ ledger, log }, entry, new Deadline())).toBe('duplicate');
  expect((await api('/api/events/dotdigital/cut-short')).body).toMatchObject({ state: 'split' });
});

/**
 * Right and wrong signatures, 200 and 401, and a body or a cookie with neither
 * (https://developer.xero.com/documentation/guides/webhooks/configuring-your-server/).
 */
test("Xero's intent to receive is answered by the status alone", async () => {
  const body = '{"events":[],"firstEventSequence": 0,"lastEventSequence": 0, "entropy": "S0m3r4Nd0mt3xt"}';
  const check = async (key: string) => {
    const signature = createHmac('sha256', key).update(body).digest('base64');
    const answer = await post('xero', body, { 'x-xero-signature': signature });
    return { status: answer.status, body: await answer.text(), cookies: answer.headers.getSetCookie() };
  };
  expect(await check(KEY)).toEqual({ status: 200, body: '', cookies: [] });
  expect(await check('another key')).toEqual({ status: 401, body: '', cookies: [] });
  expect(await check(KEY)).toEqual({ status: 200, body: '', cookies: [] });
});
