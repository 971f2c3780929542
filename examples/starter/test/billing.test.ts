import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { startInlet } from 'inlet-webhooks/testing';

const inlet = await startInlet();
after(() => inlet.stop());

test('a paid invoice is recorded once', async () => {
  const sent = await inlet.send('stripe', { type: 'invoice.paid' });
  assert.equal(sent.outcome, 'accepted');
  const event = await inlet.settled(sent);
  assert.equal(event.state, 'applied');
  assert.equal(event.effects.length, 1);
});
