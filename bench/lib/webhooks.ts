/** Webhooks as providers send them and as the gateway and the queue hand them over. */
import { faker } from '@faker-js/faker';
import type { APIGatewayProxyEventV2, SQSEvent } from 'aws-lambda';
import { type Envelope, encodeEnvelope } from '../../functions/core/envelope.ts';
import { FORMAT } from '../../functions/core/format.ts';
import { type Place, placeOf } from '../../functions/core/place.ts';
import { describeDelivery } from '../../functions/facts/describe.ts';
import type { ProviderOptions } from '../../functions/pack/request.ts';
import { providers } from '../../functions/providers/index.ts';
import { proveRequest } from '../../functions/verification/verify.ts';

/** The development secret of the pack that most measurements use. */
export const SECRET = providers.dotdigital?.secret.development ?? '';

export interface Webhook {
  readonly source: string;
  readonly subpath: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** Where its event passes, as ingest decides without a configuration of its own. */
  readonly place: Place | undefined;
}

/** What a content delivery network and the gateway add to a provider's own headers. */
const TRANSPORT_HEADERS = {
  accept: '*/*',
  'accept-encoding': 'gzip, deflate',
  host: 'a1b2c3d4e5.execute-api.us-east-1.amazonaws.com',
  'user-agent': 'Comapi-Webhooks/2.4 (+https://developer.dotdigital.com)',
  'x-amzn-trace-id': 'Root=1-65a1b2c3-0123456789abcdef01234567',
  'x-forwarded-for': '203.0.113.24',
  'x-forwarded-port': '443',
  'x-forwarded-proto': 'https',
};

/**
 * A message event of Dotdigital of about so many bytes, filled as the events of shops are: ids, times, names, amounts
 * and line items. The same for the same numbers. How far it shrinks decides what DynamoDB bills, so nothing in it is
 * repeated filler; `docs/performance.md` says what less compressible events cost.
 */
export function messageEvent(seed: number, bytes: number, revision = 0): Buffer {
  faker.seed(seed);
  const event = {
    eventId: faker.string.uuid(),
    accountId: 21_784,
    apiSpaceId: '11111111-1111-4111-8111-111111111111',
    name: ['message.sent', 'message.delivered', 'message.read'][revision % 3],
    payload: {
      id: faker.string.uuid(),
      details: { channel: 'email', channelStatus: { email: { status: 'sent', updatedOn: time() } } },
      context: {
        from: { id: faker.string.uuid(), name: faker.person.fullName() },
        sentBy: faker.internet.email(),
      },
      order: { number: faker.number.int(999_999), currency: 'EUR', items: [] as object[] },
      updatedOn: time(),
    },
    revision,
    etag: `"${revision}-${faker.string.alphanumeric(16)}"`,
    timestamp: time(),
  };
  let length = JSON.stringify(event).length;
  while (length < bytes - 110) {
    const item = lineItem();
    event.payload.order.items.push(item);
    length += JSON.stringify(item).length + 1;
  }
  return Buffer.from(JSON.stringify(event));
}

const time = (): string => faker.date.recent({ refDate: '2026-11-22T00:00:00Z' }).toISOString();

function lineItem(): object {
  return {
    sku: faker.string.alphanumeric({ length: 8, casing: 'upper' }),
    title: faker.commerce.productName(),
    quantity: faker.number.int({ min: 1, max: 5 }),
    price: { amount: faker.commerce.price(), currency: 'EUR' },
    vendor: faker.company.name(),
    taxable: true,
    fulfilled: false,
    updatedOn: time(),
  };
}

/** Signs a request as its provider would, and adds what the transport adds. */
export async function prove(
  source: { readonly name: string; readonly provider: string; readonly options?: ProviderOptions },
  { subpath = '', headers = {}, body }: Partial<Omit<Webhook, 'place'>> & Pick<Webhook, 'body'>,
  secret?: string,
): Promise<Webhook> {
  const provider = providers[source.provider];
  if (!provider) throw new Error(`no provider pack ${source.provider}`);
  const url = `https://hooks.example.com/webhooks/${source.name}${subpath}`;
  const request = {
    method: 'POST',
    url,
    subpath,
    headers: { 'content-type': 'application/json', ...headers },
    body,
    receivedAt: Date.now(),
  };
  const proven = await proveRequest(provider, {
    request,
    secret: secret ?? provider.secret.development,
    options: source.options ?? {},
    now: Date.now(),
  });
  const all = { ...TRANSPORT_HEADERS, 'content-length': String(proven.body.length), ...proven.headers };
  const delivery = describeDelivery(
    { provider, config: source },
    { ...request, headers: all, body: proven.body },
  );
  const place = delivery.kind === 'event' ? placeOf(delivery.facts, FORMAT) : undefined;
  return { source: source.name, subpath, headers: all, body: proven.body, place };
}

/** The event that the HTTP API makes of it. */
export function gatewayEvent({ source, subpath, headers, body }: Webhook): APIGatewayProxyEventV2 {
  const path = `/webhooks/${source}${subpath}`;
  const isText = /^(text\/|application\/(json|xml|javascript))/.test(headers['content-type'] ?? '');
  return {
    version: '2.0',
    routeKey: 'ANY /webhooks/{proxy+}',
    rawPath: path,
    rawQueryString: '',
    headers: { ...headers },
    requestContext: {
      accountId: '000000000000',
      apiId: 'a1b2c3d4e5',
      domainName: 'a1b2c3d4e5.execute-api.us-east-1.amazonaws.com',
      domainPrefix: 'a1b2c3d4e5',
      http: { method: 'POST', path, protocol: 'HTTP/1.1', sourceIp: '203.0.113.24', userAgent: 'bench' },
      requestId: 'JKJaXmPLvHcESHA=',
      routeKey: 'ANY /webhooks/{proxy+}',
      stage: '$default',
      time: '22/Nov/2026:00:00:00 +0000',
      timeEpoch: 1_795_305_600_000,
    },
    body: body.toString(isText ? 'utf8' : 'base64'),
    isBase64Encoded: !isText,
  };
}

/** The message that ingest would put on the queue for it. */
export function message({ source, subpath, headers, body, place }: Webhook, id: string): string {
  const { authorization: _, ...rest } = headers;
  const envelope: Envelope = {
    source,
    id,
    kind: 'event',
    receivedAt: Date.now(),
    headers: rest,
    subpath,
    body: body.toString('base64'),
    ...(place && { place }),
  };
  return encodeEnvelope(envelope);
}

/** The batch that the event source makes of messages. */
export function sqsEvent(messages: readonly string[]): SQSEvent {
  return {
    Records: messages.map((body, index) => ({
      messageId: `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
      receiptHandle: `receipt-${index}`,
      body,
      attributes: {
        ApproximateReceiveCount: '1',
        SentTimestamp: '1795305600000',
        SenderId: 'bench',
        ApproximateFirstReceiveTimestamp: '1795305600000',
      },
      messageAttributes: {},
      md5OfBody: '',
      eventSource: 'aws:sqs',
      eventSourceARN: 'arn:aws:sqs:us-east-1:000000000000:inbox',
      awsRegion: 'us-east-1',
    })),
  };
}
