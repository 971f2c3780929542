/** Clocks that are up to five minutes wrong, here or at the provider. */
import { createHmac } from 'node:crypto';
import type { EventDetail } from '../../../functions/api/types.ts';
import { provider as stripe } from '../../../functions/providers/stripe.ts';
import { Gate } from '../../../functions/store/gate/gate.ts';
import { createContext } from '../../helpers/context.ts';
import { messageEvent, signDotdigital } from '../../helpers/sign.ts';

let skew = 0;
const { local, post, api, waitFor } = await createContext({
  now: () => Date.now() + skew,
  config: { sources: { stripe: { provider: 'stripe' }, dotdigital: { provider: 'dotdigital' } } },
});
afterEach(() => {
  skew = 0;
});

let count = 0;
async function sendInvoice(): Promise<number> {
  const body = JSON.stringify({ id: `evt_${++count}`, type: 'invoice.paid' });
  const time = Math.floor(Date.now() / 1000);
  const key = stripe.secret.development;
  const signature = createHmac('sha256', key).update(`${time}.${body}`).digest('hex');
  return (await post('stripe', body, { 'Stripe-Signature': `t=${time},v1=${signature}` })).status;
}

test.each([-295, -60, 60, 295])(
  'our clock is %s s wrong: signatures with a time are accepted',
  async (seconds) => {
    skew = seconds * 1000;
    expect(await sendInvoice()).toBe(202);
  },
);

test.each([-305, 305])(
  'our clock is %s s wrong, beyond the window: refused, not crashed',
  async (seconds) => {
    skew = seconds * 1000;
    expect(await sendInvoice()).toBe(401);
    skew = 0;
    expect(await sendInvoice()).toBe(202);
  },
);

test('signatures without a time, revisions and duplicates do not depend on the clock', async () => {
  const states = ['read', 'sent', 'delivered'] as const;
  for (const [n, state] of states.entries()) {
    skew = (n - 1) * 300_000;
    const body = JSON.stringify(messageEvent('skewed', state));
    for (const outcome of ['accepted', 'duplicate']) {
      const response = await post('dotdigital', body, signDotdigital(body));
      expect([response.status, response.headers.get('inlet-outcome')]).toEqual([202, outcome]);
      skew = -skew;
    }
    await waitFor(async () => {
      const { body: event } = await api(`/api/events/dotdigital/skewed-${state}`);
      return (event as EventDetail).settledAt;
    });
  }
  expect((await api('/api/subjects/dotdigital/space:message:skewed')).body).toMatchObject({ state: 'read' });
});

test('a worker whose clock is five minutes ahead may break into a lease, but never applies twice', async () => {
  const gateAt = (offset: number) =>
    new Gate(local.setup.dynamodb, local.setup.tables.subjects, 86_400, () => Date.now() + offset);
  const [slow, fast] = [gateAt(0), gateAt(300_000)];
  const event = {
    source: 'dotdigital',
    facts: {
      id: 'leased',
      type: undefined,
      subject: 'leased',
      revision: '1',
      state: 'sent',
      deleted: false,
      ordered: true,
      gate: 'subject' as const,
      tenant: undefined,
      quarantine: undefined,
      payload: {},
    },
  };
  const lease = Date.now() + 90_000;
  const first = await slow.acquire(event, lease);
  const fence = 'fence' in first ? first.fence : 0;
  expect(fence).toBeGreaterThan(0);
  expect(await gateAt(-300_000).acquire(event, lease)).toMatchObject({ verdict: 'held' });
  const second = await fast.acquire(event, lease + 300_000);
  const larger = 'fence' in second ? second.fence : 0;
  expect(larger).toBeGreaterThan(fence);
  expect(await slow.commit(event, fence)).toBe(false);
  expect(await fast.commit(event, larger)).toBe(true);
  expect(await slow.acquire(event, lease)).toEqual({ verdict: 'repeat' });
});
