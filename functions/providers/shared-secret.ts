import { headerName, headerOption, isText, textOption } from '../pack/option-rules.ts';
import type { Provider } from '../pack/provider.ts';

/** Any sender that can put a fixed text into a header. */
export const provider: Provider = {
  name: 'shared-secret',
  title: 'Any sender: secret in a header',
  documentation: ['https://www.rfc-editor.org/rfc/rfc9110#name-authorization'],
  verification: ({ header, prefix }) => ({
    kind: 'shared-secret',
    header: headerName(header, 'x-webhook-secret'),
    ...(isText(prefix) && { prefix }),
  }),
  secret: {
    description: 'A long random text that the sender puts into the header.',
    development: 'development-shared-secret',
    check: (secret) =>
      /^[\x20-\x7e]+$/.test(secret) ? undefined : 'A header carries ASCII characters only.',
  },
  options: {
    header: headerOption('Name of the header. Default: X-Webhook-Secret.'),
    prefix: textOption('What stands before the secret, such as "Bearer ".'),
  },
  events: {
    format: 'auto',
    // What is an id here only the operator knows: `delivery`, `subject` and `revision` of the source say so.
    type: { any: ['payload.type', 'payload.event', 'payload.event_type', () => 'event'] },
  },
  retries: { schedule: 'up to the sender', periodSeconds: 7 * 86_400 },
  registration: [
    'URL: {url}. The sender puts the secret into the header X-Webhook-Secret (or options.header).',
    'Tell Inlet where the id of an event is: `delivery: "payload.…"` of the source. Default: a hash of the content.',
  ],
  samples: [
    {
      type: 'sample.created',
      headers: { 'content-type': 'application/json' },
      body: (seed) => JSON.stringify({ type: 'sample.created', number: seed }),
    },
  ],
};
