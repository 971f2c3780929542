/** No input takes a verification long, and none makes it throw. */
import { providers } from '#providers';
import { request, verdictOf } from './request.ts';

const names = [
  ...[
    'adyen',
    'adyen-platform',
    'box',
    'braintree',
    'cloudflare-stream',
    'contentful',
    'discord',
    'docusign',
    'dropbox',
  ],
  ...[
    'hubspot-v1',
    'hubspot-v2',
    'hubspot-v3',
    'klaviyo',
    'mailgun',
    'mandrill',
    'paypal',
    'plaid',
    'quickbooks',
  ],
  ...['sendgrid', 'sns', 'square', 'trello', 'twilio', 'woocommerce', 'xero', 'zendesk'],
];

const SIZE = 6_000_000;
const LONG = 9_000;

/** Bodies that cost a careless parser the most. */
const bodies: Readonly<Record<string, string>> = {
  brackets: '['.repeat(SIZE),
  objects: '{"a":'.repeat(SIZE / 5),
  keys: `{${Array.from({ length: 400_000 }, (_, key) => `"${key}":1`).join(',')}}`,
  text: `{"Signature":"${'a'.repeat(SIZE)}`,
  escapes: `{"a":"${'\\u0041'.repeat(SIZE / 6)}"}`,
  fields: 'a=1&'.repeat(SIZE / 4),
  percent: `bt_payload=${'%41'.repeat(SIZE / 3)}&bt_signature=a|${'a'.repeat(40)}`,
  mandrill: `mandrill_events=${'%41'.repeat(SIZE / 3 - 10)}`,
  ampersands: '&'.repeat(SIZE),
  items: JSON.stringify({
    notificationItems: Array(60_000).fill({
      NotificationRequestItem: { additionalData: { hmacSignature: 'a' } },
    }),
  }),
  empty: '',
};

const headerNames = [
  ...['x-twilio-signature', 'x-mandrill-signature', 'x-contentful-signature', 'x-contentful-signed-headers'],
  ...[
    'x-contentful-timestamp',
    'plaid-verification',
    'klaviyo-signature',
    'klaviyo-timestamp',
    'x-hubspot-signature-v3',
  ],
  ...[
    'x-hubspot-request-timestamp',
    'x-twilio-email-event-webhook-signature',
    'x-twilio-email-event-webhook-timestamp',
  ],
  ...['paypal-transmission-id', 'paypal-transmission-time', 'paypal-transmission-sig', 'paypal-cert-url'],
  ...['x-signature-ed25519', 'x-signature-timestamp', 'webhook-signature', 'x-docusign-signature-1'],
  ...[
    'x-hubspot-signature',
    'x-square-hmacsha256-signature',
    'hmacsignature',
    'box-signature-primary',
    'x-trello-webhook',
  ],
  ...[
    'box-delivery-timestamp',
    'x-dropbox-signature',
    'x-xero-signature',
    'intuit-signature',
    'x-wc-webhook-signature',
  ],
  ...['x-zendesk-webhook-signature', 'x-zendesk-webhook-signature-timestamp'],
];

/** The first ones have the length of a signature, so that the body is hashed. */
const texts: readonly string[] = [
  `${'A'.repeat(43)}=`,
  `${'A'.repeat(27)}=`,
  'a'.repeat(64),
  'A'.repeat(LONG),
  ','.repeat(LONG),
  `${'a'.repeat(3_000)}.${'b'.repeat(3_000)}.${'c'.repeat(3_000)}`,
  '='.repeat(LONG),
  'https://api.paypal.com/'.padEnd(LONG, 'a.'),
  '\u0000é'.repeat(LONG / 2),
  '1',
];

test.each(names)('%s', async (name) => {
  expect(providers[name]).toBeDefined();
  const types = ['application/x-www-form-urlencoded', 'application/json'];
  let slowest = { ms: 0, what: '' };
  for (const [what, text] of Object.entries(bodies)) {
    for (const type of types) {
      for (const value of texts.slice(0, text === '' ? undefined : 4)) {
        const headers = {
          ...Object.fromEntries(headerNames.map((header) => [header, value])),
          'content-type': type,
        };
        const given = request({ text, headers });
        let best = Number.POSITIVE_INFINITY;
        // The best of three, and of this thread only: what the machine does beside it is not the verification's.
        for (let attempt = 0; attempt < 3 && best > 50; attempt++) {
          const start = process.threadCpuUsage();
          const verdict = await verdictOf(name, given, { options: { certificates: {}, jwks: { keys: [] } } });
          const { user, system } = process.threadCpuUsage(start);
          best = Math.min(best, (user + system) / 1000);
          expect(verdict.ok).toBe(false);
        }
        if (best > slowest.ms) slowest = { ms: best, what: `${what} as ${type}` };
      }
    }
  }
  expect(slowest.ms > 50 ? slowest : undefined).toBeUndefined();
  process.stdout.write(`${name}: at most ${slowest.ms.toFixed(1)} ms (${slowest.what})\n`);
});
