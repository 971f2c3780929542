import type { Handshake, Provider } from '../pack/provider.ts';
import { peekObject } from '../parsing/peek.ts';

/** Slack signs the question that it asks when the URL is entered, so only a signed one is answered. */
const urlVerification: Handshake = {
  method: 'POST',
  when: 'after',
  answer({ request }) {
    if (!request.headers['content-type']?.startsWith('application/json')) return undefined;
    const { type, challenge } = peekObject(request.body) ?? {};
    if (type !== 'url_verification' || typeof challenge !== 'string') return undefined;
    return { status: 200, headers: { 'content-type': 'text/plain; charset=utf-8' }, body: challenge };
  },
};

/** Slack: Events API, slash commands and interactivity of one app, all at the same URL if you like. */
export const provider: Provider = {
  name: 'slack',
  title: 'Slack',
  documentation: [
    'https://docs.slack.dev/authentication/verifying-requests-from-slack/',
    'https://docs.slack.dev/apis/events-api/',
  ],
  verification: {
    kind: 'hmac',
    algorithm: 'sha256',
    encoding: 'hex',
    key: 'utf8',
    signed: 'v0:{timestamp}:{body}',
    signature: { header: 'x-slack-signature', form: { kind: 'prefix', prefix: 'v0=' } },
    timestamp: { from: { header: 'x-slack-request-timestamp' }, unit: 'seconds', toleranceSeconds: 300 },
  },
  secret: {
    description: 'The signing secret of the app: Basic Information → App Credentials.',
    development: 'development-signing-secret-of-slack',
    check: (secret) =>
      /^x(ox|app)/.test(secret) ? 'It is a token: use the signing secret of the app.' : undefined,
  },
  events: {
    // Events are JSON, slash commands a form, interactivity a form with JSON in the field `payload`.
    format: 'auto',
    id: { any: ['payload.event_id', 'payload.trigger_id'] },
    type: { any: ['payload.event.type', 'payload.command', 'payload.type'] },
    // No revision: events of one message have times of their own, and nothing else orders them.
    tenant: { any: ['payload.team_id', 'payload.team.id'] },
  },
  // The verification token, with which requests were proven before they were signed; other receivers may still take it.
  bodyCredentials: ['token'],
  // An empty 200 answers a slash command without a message.
  eventHeaders: ['x-slack-retry-num', 'x-slack-retry-reason'],
  acknowledge: { status: 200 },
  handshakes: [urlVerification],
  retries: {
    schedule: '3 retries: at once, after 1 min, after 5 min',
    timeoutSeconds: 3,
    periodSeconds: 400,
  },
  registration: [
    'api.slack.com/apps → your app → Event Subscriptions: request URL {url}. Slack asks at once and Inlet answers.',
    'Interactivity & Shortcuts and Slash Commands take the same URL.',
  ],
  samples: [
    {
      type: 'app_mention',
      headers: { 'content-type': 'application/json' },
      body: (seed) =>
        JSON.stringify({
          team_id: 'T0SAMPLE',
          api_app_id: 'A0SAMPLE',
          event: { type: 'app_mention', user: 'U0SAMPLE', text: 'grüß dich', ts: '1767225600.000100' },
          type: 'event_callback',
          event_id: `Ev${seed}`,
          event_time: 1_767_225_600,
        }),
    },
    {
      type: '/weather',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: (seed) => `team_id=T0SAMPLE&command=%2Fweather&text=94070&trigger_id=1.2.${seed}`,
    },
  ],
};
