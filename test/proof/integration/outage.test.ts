import { createServer } from 'node:net';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { createClients } from '../../../functions/aws/clients.ts';
import { composeIngest } from '../../../functions/ingest/compose.ts';
import { createContext } from '../../helpers/context.ts';
import { messageEvent, signDotdigital } from '../../helpers/sign.ts';

const { local, post, api, logged, waitFor } = await createContext();

async function timed<T>(work: () => Promise<T>): Promise<{ result: T; ms: number }> {
  const started = performance.now();
  return { result: await work(), ms: performance.now() - started };
}

function expectUnavailable(response: { status: number; headers: Headers }) {
  expect(response.status).toBe(503);
  expect(response.headers.get('inlet-outcome')).toBe('unavailable');
  expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
}

async function applied(id: string) {
  await waitFor(async () => {
    const { body } = await api(`/api/events/dotdigital/${id}`);
    return (body as { state: string }).state === 'applied';
  });
}

test.each(['sqs', 'dynamodb'] as const)(
  '%s stopped: 503 within 9 s; the retry after it is back is processed',
  async (part) => {
    const message = `outage-${part}`;
    const body = JSON.stringify(messageEvent(message, 'sent'));
    await local[part].stop();
    const { result, ms } = await timed(() => post('dotdigital', body, signDotdigital(body)));
    expectUnavailable(result);
    expect(ms).toBeLessThan(9_000);
    await local[part].start();
    const retried = await waitFor(async () => {
      const response = await post('dotdigital', body, signDotdigital(body));
      return response.status === 202 && response;
    });
    expect(retried.headers.get('inlet-outcome')).toBe('accepted');
    await applied(`${message}-sent`);
  },
);

test('the lines tell which of a claim and its repeat stands for the entry', async () => {
  const body = JSON.stringify(messageEvent('claimed', 'sent'));
  const began = logged.length;
  await local.sqs.stop();
  expectUnavailable(await post('dotdigital', body, signDotdigital(body)));
  expectUnavailable(await post('dotdigital', body, signDotdigital(body)));
  await local.sqs.start();
  await waitFor(async () => (await post('dotdigital', body, signDotdigital(body))).status === 202);
  await applied('claimed-sent');
  await post('dotdigital', body, signDotdigital(body));
  const lines = logged.slice(began).filter(({ status }) => status !== undefined);
  const claims = lines.map(({ outcome, claim }) => `${outcome} ${claim ?? '-'}`);
  expect(claims.filter((line, n) => line !== claims[n - 1])).toEqual([
    'unavailable new',
    'unavailable -',
    'accepted again',
    'duplicate -',
  ]);
  const fresh = JSON.stringify(messageEvent('fresh', 'sent'));
  await post('dotdigital', fresh, signDotdigital(fresh));
  expect(logged.find(({ id }) => id === 'fresh-sent')).not.toHaveProperty('claim');
});

/** A server that takes connections and never answers. */
async function blackHole() {
  const server = createServer(() => undefined).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return { endpoint: `http://127.0.0.1:${address.port}`, close: () => server.close() };
}

function gatewayEvent(body: string): APIGatewayProxyEventV2 {
  const headers = Object.fromEntries(
    Object.entries(signDotdigital(body)).map(([k, v]) => [k.toLowerCase(), v]),
  );
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath: '/webhooks/dotdigital',
    rawQueryString: '',
    headers,
    body,
    isBase64Encoded: false,
    requestContext: {
      accountId: '0',
      apiId: 'a',
      domainName: 'example.com',
      domainPrefix: 'example',
      http: {
        method: 'POST',
        path: '/webhooks/dotdigital',
        protocol: 'HTTP/1.1',
        sourceIp: '127.0.0.1',
        userAgent: '',
      },
      requestId: 'r',
      routeKey: '$default',
      stage: '$default',
      time: '',
      timeEpoch: 0,
    },
  };
}

test.each(['dynamodb', 'sqs'] as const)('%s hangs: 503 within 9 s', async (part) => {
  const hole = await blackHole();
  const clients = createClients({
    region: 'us-east-1',
    endpoints: { [part]: hole.endpoint },
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  const ingest = composeIngest({ ...local.setup, [part]: clients[part] });
  const body = JSON.stringify(messageEvent(`hanging-${part}`, 'sent'));
  const { result, ms } = await timed(() => ingest(gatewayEvent(body)));
  expect(result).toMatchObject({
    statusCode: 503,
    headers: { 'inlet-outcome': 'unavailable', 'retry-after': '5' },
  });
  expect(ms).toBeLessThan(9_000);
  clients[part].destroy();
  hole.close();
});

test('a confirmation that hangs does not keep the provider waiting: the event is on the queue', async () => {
  const hole = await blackHole();
  const clients = createClients({
    region: 'us-east-1',
    endpoints: { dynamodb: hole.endpoint },
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  // The claim goes to the real table, everything after it into the hole.
  let calls = 0;
  const dynamodb = new Proxy(local.setup.dynamodb, {
    get: (target, name) =>
      name === 'send'
        ? (...parameters: Parameters<typeof target.send>) =>
            (calls++ === 0 ? target : clients.dynamodb).send(...parameters)
        : Reflect.get(target, name),
  });
  const ingest = composeIngest({ ...local.setup, dynamodb });
  const body = JSON.stringify(messageEvent('unconfirmed', 'sent'));
  const { result, ms } = await timed(() => ingest(gatewayEvent(body)));
  expect(result).toMatchObject({ statusCode: 202, headers: { 'inlet-outcome': 'accepted' } });
  // Far less than all calls of a request may take together, which is 8 s.
  expect(ms).toBeLessThan(5_000);
  await applied('unconfirmed-sent');
  clients.dynamodb.destroy();
  hole.close();
});

test('a source whose secret is not set asks the provider to come again, after proof was at least attempted', async () => {
  const ingest = composeIngest({ ...local.setup, secrets: { get: async () => [] } });
  const body = JSON.stringify(messageEvent('no-secret', 'sent'));
  expect(await ingest(gatewayEvent(body))).toMatchObject({ statusCode: 503 });
  const unsigned = gatewayEvent(body);
  delete unsigned.headers['x-comapi-signature'];
  expect(await ingest(unsigned)).toMatchObject({ statusCode: 401 });
});

test('a refused request calls neither DynamoDB nor SQS', async () => {
  const silent = () => {
    throw new Error('called');
  };
  const dynamodb = Object.assign(createClients({ region: 'us-east-1' }).dynamodb, { send: silent });
  const sqs = Object.assign(new SQSClient({ region: 'us-east-1' }), { send: silent });
  const ingest = composeIngest({ ...local.setup, dynamodb, sqs });
  const forged = gatewayEvent(JSON.stringify(messageEvent('forged', 'sent')));
  forged.headers['x-comapi-signature'] = '0'.repeat(40);
  expect(await ingest(forged)).toMatchObject({ statusCode: 401 });
});
