import type { OptionRule, Provider } from '../pack/provider.ts';
import { bearerToken } from '../verification/jwt.ts';

/** Tokens of other environments come from other issuers: set `options.issuer`. */
const PRODUCTION_ISSUER = 'https://identity.fortellis.io/oauth2/aus1p1ixy7YL8cMq02p7';

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

const apiKeyRule: OptionRule = {
  description: 'The API key of your app: the `sub` and `cid` of the tokens that Fortellis sends.',
  required: true,
  example: 'api-key-of-the-sample',
  check: (value) => (text(value) === '' ? 'give the API key of your app as text' : undefined),
};

const issuerRule: OptionRule = {
  description: `Issuer of the tokens. Default: production (${PRODUCTION_ISSUER}).`,
  check: (value) =>
    text(value).startsWith('https://') ? undefined : 'give the https:// address of the issuer',
};

const jwksRule: OptionRule = {
  description: 'An inline key set, in place of the one at `<issuer>/v1/keys`.',
  check: (value) =>
    Array.isArray((value as { keys?: unknown } | null)?.keys) ? undefined : 'give a key set: { keys: [ … ] }',
};

/** Fortellis Event Relay (CDK Global): events for car dealers, proven by a bearer token. */
export const provider: Provider = {
  name: 'fortellis',
  title: 'Fortellis Event Relay',
  documentation: ['https://docs.fortellis.io/docs/tutorials/event-relay/webhook-developer-guide/'],
  unverified: 'Which of its ids Fortellis sends depends on the age of the document that one reads.',
  verification: bearerToken((options) => {
    const issuer = text(options.issuer) || PRODUCTION_ISSUER;
    const apiKey = text(options.apiKey);
    return {
      issuer,
      audience: text(options.audience) || 'api_providers',
      jwksUri: `${issuer}/v1/keys`,
      // Every app of Fortellis gets tokens from this issuer: only ours name our key. People's tokens carry a uid.
      accepts: (claims) =>
        apiKey !== '' && claims.sub === apiKey && claims.cid === apiKey && claims.uid === undefined,
      sampleClaims: { ver: 1, jti: 'AT.sample', cid: apiKey, scp: ['anonymous'], sub: apiKey },
    };
  }),
  secret: {
    description: 'None: tokens are verified with the keys of the issuer.',
    development: '',
  },
  options: {
    apiKey: apiKeyRule,
    issuer: issuerRule,
    audience: { description: 'Audience of the tokens. Default: api_providers.' },
    jwks: jwksRule,
  },
  events: {
    format: 'json',
    // The first is "assigned at time of receipt"; older documents know only the others.
    id: { any: ['header.fortellis-event-id', 'header.origin-request-id', 'header.x-request-id'] },
    // The registered URL is called with `/event` or `/event/<channel>` behind it.
    type: ({ subpath }) => subpath.replace(/^\/event\/?/, '').replace(/^\//, '') || 'event',
    tenant: 'header.data-owner-id',
  },
  retries: {
    schedule: 'without limit: 1 s, doubled up to 5 min; a failing event holds up its partition',
    periodSeconds: 7 * 86_400,
  },
  registration: [
    'Developer account → your API → Event Relay: register the webhook URL {url}.',
    'Fortellis appends /event (or /event/<channel>) to it. Its health check is at /health of the same host.',
  ],
  samples: [
    {
      type: 'event',
      subpath: '/event',
      headers: {
        'content-type': 'application/json',
        'data-owner-id': '00000000-0000-4000-8000-000000000001',
      },
      body: (seed) => JSON.stringify({ appointmentId: `A-${seed}`, status: 'Confirmed', advisor: 'sample' }),
    },
  ],
};
