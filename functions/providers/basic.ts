import type { Provider } from '../pack/provider.ts';
import { basicAuth, secretProblem } from '../verification/basic.ts';

/** Any sender that can do HTTP Basic authentication. */
export const provider: Provider = {
  name: 'basic',
  title: 'Any sender: Basic authentication',
  documentation: ['https://www.rfc-editor.org/rfc/rfc7617'],
  verification: basicAuth(),
  secret: {
    description: 'User name and password as one text: "user:password".',
    development: 'inlet:development-password',
    check: secretProblem,
  },
  events: {
    format: 'auto',
    // What is an id here only the operator knows: `delivery`, `subject` and `revision` of the source say so.
    type: { any: ['payload.type', 'payload.event', 'payload.event_type', () => 'event'] },
  },
  retries: { schedule: 'up to the sender', periodSeconds: 7 * 86_400 },
  registration: [
    'URL: {url}. The sender authenticates with the user name and the password of the secret; many take https://user:password@… as the URL.',
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
