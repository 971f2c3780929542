import { escapePart } from '../pack/fields.ts';
import type { Provider } from '../pack/provider.ts';
import type { EventContext } from '../pack/request.ts';
import { checkAdyenKey } from './adyen.ts';

interface Body {
  readonly type?: unknown;
  readonly timestamp?: unknown;
  readonly data?: Readonly<Record<string, unknown>> | null;
}

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';

/** `balancePlatform.accountHolder.updated` is about an account holder; its id stands in the data or one level below. */
function subjectOf({ payload }: EventContext): string | undefined {
  const { type, data } = (payload ?? {}) as Body;
  const kind = isText(type) ? type.split('.').slice(0, -1).join('.') : '';
  if (kind === '' || !data) return undefined;
  const below = Object.values(data).map((value) => (value as { id?: unknown } | null)?.id);
  const id = [data.id, ...below].find(isText);
  return id === undefined ? undefined : [kind, id].map(escapePart).join(':');
}

/** Transfers count their updates; all else has the time, to the second. */
function revisionOf({ payload }: EventContext): string | number | undefined {
  const { type, data, timestamp } = (payload ?? {}) as Body;
  if (isText(type) && type.startsWith('balancePlatform.transfer.')) {
    return typeof data?.sequenceNumber === 'number' ? data.sequenceNumber : undefined;
  }
  const time = isText(timestamp) ? Date.parse(timestamp) : Number.NaN;
  return Number.isNaN(time) ? undefined : time;
}

/** Adyen's webhooks for platforms, banking and management: one signature over the body. */
export const provider: Provider = {
  name: 'adyen-platform',
  title: 'Adyen (platform, banking and management webhooks)',
  documentation: [
    'https://docs.adyen.com/development-resources/webhooks/secure-webhooks/verify-hmac-signatures',
  ],
  unverified: 'That the body, its timestamp included, is the same in every attempt.',
  verification: {
    kind: 'hmac',
    algorithm: 'sha256',
    encoding: 'base64',
    key: 'hex',
    signed: '{body}',
    signature: { header: 'hmacsignature', form: { kind: 'bare' } },
  },
  secret: {
    description: 'The HMAC key of the webhook (Customer or Balance Platform Customer Area). Hexadecimal.',
    development: '00112233445566778899AABBCCDDEEFF00112233445566778899AABBCCDDEEFF',
    check: checkAdyenKey,
  },
  events: {
    format: 'json',
    // No id: the event is known by its content, which holds its own time.
    type: 'payload.type',
    subject: subjectOf,
    // Equal ones are all applied.
    revision: { field: revisionOf, as: 'integer' },
  },
  acknowledge: { status: 200, headers: { 'content-type': 'text/plain; charset=utf-8' }, body: '[accepted]' },
  retries: {
    schedule: 'with growing pauses for up to 30 days',
    timeoutSeconds: 10,
    periodSeconds: 30 * 86_400,
  },
  registration: [
    'Customer Area → Developers → Webhooks: add the webhook with the URL {url}.',
    'Generate an HMAC key and enter it here as the secret.',
  ],
  samples: ['created', 'updated'].map((change, position) => ({
    type: `balancePlatform.accountHolder.${change}`,
    headers: { 'content-type': 'application/json', protocol: 'HmacSHA256' },
    body: (seed: number) =>
      JSON.stringify({
        data: { balancePlatform: 'SamplePlatform', accountHolder: { id: `AH${seed}`, status: 'active' } },
        environment: 'test',
        timestamp: `2026-01-01T00:00:0${position}+01:00`,
        type: `balancePlatform.accountHolder.${change}`,
      }),
  })),
};
