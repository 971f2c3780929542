import { isText, textOption } from '../pack/option-rules.ts';
import type { Provider } from '../pack/provider.ts';
import { querySecret } from '../verification/query-secret.ts';

/** Any sender that knows nothing but a URL. */
export const provider: Provider = {
  name: 'query-secret',
  title: 'Any sender: secret in the URL',
  documentation: ['https://www.rfc-editor.org/rfc/rfc3986#section-3.4'],
  verification: ({ parameter }) => querySecret(isText(parameter) ? parameter : 'secret'),
  secret: {
    description:
      'A long random text at the end of the URL. It may show up in logs of the sender: change it now and then.',
    development: 'development-query-secret',
  },
  options: {
    parameter: textOption('Name of the query parameter. Default: secret.', {
      pattern: /^[A-Za-z0-9_.~-]{1,64}$/,
      advice: 'write letters, digits, "_", "." or "-"',
    }),
  },
  events: {
    format: 'auto',
    // What is an id here only the operator knows: `delivery`, `subject` and `revision` of the source say so.
    type: { any: ['payload.type', 'payload.event', 'payload.event_type', () => 'event'] },
  },
  retries: { schedule: 'up to the sender', periodSeconds: 7 * 86_400 },
  registration: [
    'URL: {url}?secret=<the secret of this source> (or options.parameter in place of "secret").',
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
