import { validateConfig } from '../../../config/validate.ts';

function problemsOf(source: object): string {
  try {
    validateConfig({ sources: { shop: source } });
    return '';
  } catch (error) {
    return String(error);
  }
}

test.each([
  ['a header that nobody signed', { provider: 'github', subject: 'header.x-github-hook-id' }, 'subject'],
  ['of any case', { provider: 'shopify', revision: 'header.X-Shopify-Triggered-At' }, 'revision'],
  [
    'a field of which nothing is signed',
    { provider: 'mailgun', revision: 'payload.event-data.timestamp' },
    'revision',
  ],
  [
    'a field beside those that are signed',
    { provider: 'adyen', revision: 'payload.NotificationRequestItem.eventDate' },
    'revision',
  ],
  [
    'a header that only one of two proofs covers',
    { provider: 'clerk', subject: 'header.svix-id' },
    'subject',
  ],
])('%s orders nothing', (_what, source, key) => {
  expect(problemsOf(source)).toMatch(
    new RegExp(`sources\\.shop\\.${key}: nothing that proves a request of .* covers .*Name what is signed`),
  );
});

test.each([
  ['the body', { provider: 'github', subject: 'payload.repository.id', revision: 'payload.at' }],
  ['a signed header', { provider: 'twitch', revision: 'header.twitch-eventsub-message-timestamp' }],
  ['a signed field', { provider: 'adyen', subject: 'payload.NotificationRequestItem.merchantReference' }],
  ['any header, where a credential proves the request', { provider: 'tasks', subject: 'header.x-order' }],
  ['any header of what is unsigned', { provider: 'tasks', unsigned: true, subject: 'header.x-order' }],
  [
    'a header that a request may name as signed',
    { provider: 'contentful', subject: 'header.x-contentful-a' },
  ],
  ['an id and a type that nobody signed', { provider: 'github', delivery: 'header.x-a', type: 'header.x-b' }],
])('%s is a place for a path', (_what, source) => {
  expect(problemsOf(source)).toBe('');
});

test('tenants need an owner that is signed', () => {
  const tenants = { 'a.myshopify.com': { name: 'A' } };
  expect(problemsOf({ provider: 'shopify', tenants })).toMatch(
    /sources\.shop\.tenants: nothing that Shopify signs/,
  );
  expect(problemsOf({ provider: 'stripe', tenants })).toBe('');
});
