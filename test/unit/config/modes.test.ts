/** What decides whether a source wants every event or the newest, and what is done beside its handler. */
import { validateConfig } from '../../../config/validate.ts';

const configWith = (source: object) => () => validateConfig({ sources: { one: source } });

test.each(['keepState', 'serial'])('%s without a handler is refused', (key) => {
  expect(configWith({ provider: 'dotdigital', [key]: true })).toThrow(
    `sources.one.${key}: is about what a handler does. Name one`,
  );
  expect(configWith({ provider: 'tasks', handler: 'fulfil-order', [key]: 1 })).toThrow('write true or false');
  expect(configWith({ provider: 'tasks', handler: 'fulfil-order', [key]: true })).not.toThrow();
});

test('the newest of a source whose events have no order is refused with what to write', () => {
  expect(configWith({ provider: 'stripe', mode: 'latest' })).toThrow(
    'sources.one.mode: Stripe says nothing by which the newest is known. Write subject and revision as paths',
  );
  const paths = { subject: 'payload.data.object.id', revision: 'payload.created' };
  expect(configWith({ provider: 'stripe', mode: 'latest', ...paths })).not.toThrow();
  expect(configWith({ provider: 'shopify', mode: 'latest' })).not.toThrow();
});
