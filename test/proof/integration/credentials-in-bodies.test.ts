/** Row 2: what proves a request from inside its body gets no further than ingest. */
import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import type { EventDetail } from '../../../functions/api/types.ts';
import { encodeEnvelope } from '../../../functions/core/envelope.ts';
import type { Handler } from '../../../functions/core/handler.ts';
import { stringifyJson } from '../../../functions/parsing/json.ts';
import { proveRequest } from '../../../functions/verification/verify.ts';
import { createContext } from '../../helpers/context.ts';
import { pack, request } from '../../unit/providers/request.ts';

const NAMES = ['microsoft-graph', 'mailgun', 'adyen', 'braintree', 'slack'] as const;
const seen: string[] = [];
const seeing: Handler = {
  name: 'seeing',
  description: 'Remembers what it sees.',
  handle: async (event) => void seen.push(stringifyJson(event)),
};
const { local, post, api, waitFor, logged } = await createContext({
  config: {
    sources: Object.fromEntries(NAMES.map((name) => [name, { provider: name, handler: 'seeing' }])),
  },
  handlers: { seeing },
});

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
const JSON_BODY = { 'content-type': 'application/json' };

interface Genuine {
  readonly source: (typeof NAMES)[number];
  readonly text: string;
  readonly headers: Readonly<Record<string, string>>;
  /** What may be seen nowhere: found in the body as it was sent. */
  readonly secret: RegExp;
}

const change = (id: string) => ({
  subscriptionId: 'sub',
  changeType: 'updated',
  resource: `Users/${id}`,
  resourceData: { '@odata.etag': `W/"${id}"`, size: '\u0001' },
});
const slackText = (id: string) =>
  `{"token":"slack-verification-token","event_id":"${id}","n":12345678901234567890}`;
const sampleOf = (name: string) => pack(name).samples[0]?.body(7) ?? '';
const clientState = /development-client-state-of-graph/;

const genuine: readonly (Genuine & { readonly what: string })[] = [
  {
    what: 'clientState of one notification',
    source: 'microsoft-graph',
    text: JSON.stringify({ value: [change('one')], validationTokens: ['eyJ.validation.token'] }),
    headers: JSON_BODY,
    secret: clientState,
  },
  {
    what: 'clientState of several notifications',
    source: 'microsoft-graph',
    text: JSON.stringify({ value: [change('two'), change('three')] }),
    headers: JSON_BODY,
    secret: clientState,
  },
  {
    what: 'the proof of Mailgun',
    source: 'mailgun',
    text: sampleOf('mailgun'),
    headers: JSON_BODY,
    secret: /"signature":"([0-9a-f]{64})"/,
  },
  {
    what: 'the signature of an item of Adyen',
    source: 'adyen',
    text: sampleOf('adyen'),
    headers: JSON_BODY,
    secret: /"hmacSignature":"([^"]+)"/,
  },
  {
    what: 'the signature of Braintree',
    source: 'braintree',
    text: sampleOf('braintree'),
    headers: FORM,
    secret: /development_public_key%7C([0-9a-f]{40})/,
  },
  {
    what: 'the verification token of Slack',
    source: 'slack',
    text: slackText('Ev1'),
    headers: JSON_BODY,
    secret: /slack-verification-token/,
  },
  {
    what: 'the same in an interaction',
    source: 'slack',
    text: new URLSearchParams({ payload: slackText('Ev2') }).toString(),
    headers: FORM,
    secret: /slack-verification-token/,
  },
];

async function everythingStored(): Promise<string> {
  const tables = Object.values(local.setup.tables);
  const scans = tables.map((TableName) => local.setup.dynamodb.send(new ScanCommand({ TableName })));
  return JSON.stringify((await Promise.all(scans)).map(({ Items }) => Items));
}

test.each(genuine)('$what is in no archive, console, handler, table or log', async (given) => {
  const unsigned = request({
    text: given.text,
    headers: given.headers,
    url: `${local.url}/webhooks/${given.source}`,
  });
  const provider = pack(given.source);
  const proven = await proveRequest(provider, {
    request: unsigned,
    secret: provider.secret.development,
    options: {},
    now: Date.now(),
  });
  const found = given.secret.exec(proven.body.toString());
  const secret = found?.[1] ?? found?.[0] ?? '';
  expect(secret).not.toBe('');
  const before = seen.length;
  const answer = await post(given.source, new Uint8Array(proven.body), { ...proven.headers });
  expect(answer.headers.get('inlet-outcome')).toBe('accepted');
  const [source, id = ''] = (answer.headers.get('inlet-delivery') ?? '').split('/');
  const shown = await waitFor(async () => {
    const { body } = await api(`/api/events/${source}/${id}?body=true`);
    return (body as EventDetail).settledAt ? (body as EventDetail) : undefined;
  });
  await waitFor(() => (seen.length > before ? true : undefined));
  expect(shown.state).toMatch(/^(applied|split)$/);
  // Of a batch, the events are archived.
  if (shown.state === 'applied') expect(shown.body).toMatch(/redacted/);
  for (const kept of [JSON.stringify(shown), seen.join(), JSON.stringify(logged), await everythingStored()]) {
    expect(kept).not.toContain(secret);
    expect(kept).not.toContain('eyJ.validation.token');
  }
  const again = await post(given.source, new Uint8Array(proven.body), { ...proven.headers });
  expect(again.headers.get('inlet-outcome')).toBe('duplicate');
});

test('what release 0.1.0 has queued with its credentials is handled and shown without', async () => {
  const body = Buffer.from(slackText('Ev-old')).toString('base64');
  const envelope = { id: 'Ev-old', kind: 'event', headers: JSON_BODY, subpath: '', body } as const;
  await local.setup.sqs.send(
    new SendMessageCommand({
      QueueUrl: local.setup.inboxQueueUrl,
      MessageBody: encodeEnvelope({ ...envelope, source: 'slack', receivedAt: Date.now() }, 1),
    }),
  );
  const shown = await waitFor(async () => {
    const { status, body: found } = await api('/api/events/slack/Ev-old?body=true');
    return status === 200 && (found as EventDetail).settledAt ? (found as EventDetail) : undefined;
  });
  expect(shown.state).toBe('applied');
  expect(shown.payload).toMatchObject({ token: '(redacted)', event_id: 'Ev-old' });
  expect(seen.filter((event) => event.includes('Ev-old'))).toHaveLength(1);
  for (const kept of [JSON.stringify(shown), seen.join(), JSON.stringify(logged), await everythingStored()]) {
    expect(kept).not.toContain('slack-verification-token');
  }
});
