/** What `inlet-webhooks/testing` gives to the tests of whoever uses Inlet. */
import { on } from '../../../functions/handling/on.ts';
import { startInlet } from '../../../local/testing.ts';

const ran: unknown[] = [];
const inlet = await startInlet({
  config: {
    sources: {
      stripe: {
        provider: 'stripe',
        handler: on({
          'invoice.paid': ({ payload }) => void ran.push(payload),
          'invoice.voided': () => {
            throw new Error('the card was declined');
          },
        }),
      },
      kept: { provider: 'github' },
    },
  },
});
afterAll(() => inlet.stop());

test('a sample is signed, handled and settled', async () => {
  const sent = await inlet.send('stripe', { type: 'invoice.paid' });
  expect(sent).toMatchObject({ status: 202, outcome: 'accepted' });
  expect(await inlet.settled(sent)).toMatchObject({ state: 'applied', type: 'invoice.paid' });
  expect(ran).toMatchObject([{ type: 'invoice.paid' }]);
});

test('a payload of one’s own is signed as well, and the same again is a duplicate', async () => {
  const payload = { id: 'evt_own', type: 'invoice.paid', data: { object: {} } };
  const sent = await inlet.send('stripe', { payload });
  expect((await inlet.settled(sent)).id).toBe('evt_own');
  expect(await inlet.send('stripe', { payload })).toMatchObject({ outcome: 'duplicate' });
});

test('a source without a handler is sent to as well', async () => {
  expect(await inlet.settled(await inlet.send('kept'))).toMatchObject({ state: 'applied' });
});

test('what does not settle says how its attempts have failed', async () => {
  const sent = await inlet.send('stripe', { payload: { id: 'evt_fails', type: 'invoice.voided' } });
  await expect(inlet.settled(sent, 1_000)).rejects.toThrow(
    /stripe\/evt_fails is retrying after 1000 ms\.\nError: the card was declined/,
  );
});

test('what is not there is named', async () => {
  await expect(inlet.send('nobody')).rejects.toThrow('there is no source "nobody": stripe, kept');
});

test('a configuration that cannot work is refused', async () => {
  await expect(startInlet({ config: { sources: { a: { provider: 'nobody' } } } })).rejects.toMatchObject({
    code: 'configuration',
  });
});
