import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import { connect } from 'node:net';
import { ScanCommand } from '@aws-sdk/client-dynamodb';
import type { EventPage } from '../../../functions/api/types.ts';
import { createContext } from '../../helpers/context.ts';
import { messageEvent, signDotdigital } from '../../helpers/sign.ts';

const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const issuer = 'https://issuer.example.com/oauth2/default';
const apiKey = 'k'.repeat(32);

const { local, post, api, waitFor, logged } = await createContext({
  config: {
    sources: {
      dotdigital: { provider: 'dotdigital' },
      tasks: { provider: 'tasks' },
      fortellis: {
        provider: 'fortellis',
        options: {
          apiKey,
          issuer,
          jwks: { keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'k1', alg: 'RS256' }] },
        },
        tenants: { 'owner-1': { name: 'North Motors' } },
      },
    },
  },
});

const body = JSON.stringify(messageEvent('bad', 'sent'));
const good = signDotdigital(body);
const signature = good['X-Comapi-Signature'];
const json = { 'content-type': 'application/json' };

async function storedItems(): Promise<number> {
  const { Count = 0 } = await local.setup.dynamodb.send(
    new ScanCommand({ TableName: local.setup.tables.ledger, ConsistentRead: true, Select: 'COUNT' }),
  );
  return Count;
}

async function expectRefused(response: Response, status: number) {
  expect(response.status).toBe(status);
  expect(response.headers.get('inlet-outcome')).toBe('rejected');
  const answer = await response.json();
  expect(answer).toEqual({ code: status, message: expect.any(String) });
  return (answer as { message: string }).message;
}

test.each([
  ['missing', {}],
  ['empty', { 'X-Comapi-Signature': '' }],
  ['malformed', { 'X-Comapi-Signature': 'not hexadecimal' }],
  ['too short', { 'X-Comapi-Signature': signature.slice(0, -2) }],
  ['too long', { 'X-Comapi-Signature': `${signature}00` }],
  ['prefixed', { 'X-Comapi-Signature': `sha1=${signature}` }],
  ['sent twice', { 'X-Comapi-Signature': `${signature}, ${signature}` }],
  ['of another key', signDotdigital(body, 'another secret of some length')],
  ['of another body', signDotdigital(`${body} `)],
  ['of another algorithm', { 'X-Comapi-Signature': createHmac('sha256', 'x').update(body).digest('hex') }],
])('a signature that is %s: 401, nothing stored, nobody told what was wrong', async (_, headers) => {
  const before = await storedItems();
  const message = await expectRefused(await post('dotdigital', body, { ...json, ...headers }), 401);
  expect(message).not.toMatch(/hex|mismatch|missing|stale/i);
  expect(await storedItems()).toBe(before);
});

test('a changed byte is refused', async () => {
  await expectRefused(await post('dotdigital', body.replace('"sms"', '"SMS"'), good), 401);
});

test('sources that do not exist: 404, whatever their names', async () => {
  for (const name of [
    'nobody',
    '__proto__',
    'constructor',
    'toString',
    '%00',
    '%ff',
    '%',
    'dot digital',
    'DOTDIGITAL',
  ]) {
    const response = await fetch(`${local.url}/webhooks/${name}`, { method: 'POST', body });
    expect(await expectRefused(response, 404)).toMatch(/webhook URL/);
  }
});

test('a percent-encoded path finds its source', async () => {
  const encoded = JSON.stringify(messageEvent('encoded', 'sent'));
  const response = await fetch(`${local.url}/webhooks/dot%64igital`, {
    method: 'POST',
    body: encoded,
    headers: signDotdigital(encoded),
  });
  expect(response.status).toBe(202);
});

test('paths outside the routes: 404 that names the routes', async () => {
  for (const path of [
    '/',
    '/favicon.ico',
    '/webhook/dotdigital',
    '/webhooks',
    '/webhooks/',
    '/health/x',
    '/api',
  ]) {
    const message = await expectRefused(await fetch(`${local.url}${path}`, { method: 'POST', body }), 404);
    expect(message).toContain('POST /webhooks/<source>');
    expect(message).toContain('GET /health');
  }
});

test('other methods: 405 with what is allowed', async () => {
  const health = await fetch(`${local.url}/health`, { method: 'POST', body });
  await expectRefused(health, 405);
  expect(health.headers.get('allow')).toBe('GET, HEAD');
  for (const method of ['PUT', 'DELETE', 'PATCH']) {
    const response = await fetch(`${local.url}/webhooks/dotdigital`, { method, body });
    await expectRefused(response, 405);
    expect(response.headers.get('allow')).toBe('POST, GET, HEAD, OPTIONS');
  }
});

test('GET, HEAD and OPTIONS say that the endpoint is ready', async () => {
  for (const method of ['GET', 'HEAD', 'OPTIONS']) {
    const response = await fetch(`${local.url}/webhooks/dotdigital`, { method });
    expect(response.status).toBe(200);
    expect(response.headers.get('inlet-outcome')).toBe('handshake');
  }
  const health = await fetch(`${local.url}/health`);
  expect([health.status, await health.json()]).toEqual([200, { status: 'Up' }]);
});

test('6 MB are let in, one byte more is not', async () => {
  const limit = 6 * 1024 * 1024;
  const fits = Buffer.alloc(limit, ' ');
  Buffer.from(JSON.stringify(messageEvent('large', 'sent'))).copy(fits);
  const accepted = await post('dotdigital', fits, signDotdigital(fits));
  expect(accepted.status).toBe(202);
  const larger = Buffer.alloc(limit + 1, ' ');
  expect(await expectRefused(await post('dotdigital', larger, signDotdigital(larger)), 413)).toMatch(/6 MB/);
});

test.each([
  ['no JSON', '{"eventId":'],
  ['empty', ''],
  ['not UTF-8', Buffer.from([0x22, 0xff, 0xfe, 0x22])],
  ['a form', 'a=1&b=2'],
])('an authentic body that is %s is accepted, quarantined and visible', async (_, bad) => {
  const response = await post('dotdigital', bad, signDotdigital(bad));
  expect(response.status).toBe(202);
  const [, id] = (response.headers.get('inlet-delivery') ?? '').split('/');
  const event = await waitFor(async () => {
    const { events } = (await api('/api/events?state=quarantined&limit=100')).body as EventPage;
    return events.find((candidate) => candidate.id === id);
  });
  expect(event.reason).toEqual(expect.any(String));
});

test('a payload cannot reach into prototypes', async () => {
  const hostile = `{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}},${body.slice(1)}`;
  const response = await post('dotdigital', hostile.replace('bad-sent', 'hostile-sent'), {
    ...signDotdigital(hostile.replace('bad-sent', 'hostile-sent')),
  });
  expect(response.status).toBe(202);
  expect(({} as Record<string, unknown>).polluted).toBeUndefined();
});

test('a signature header that comes twice on the wire is refused, and the connection goes on', async () => {
  const answer = await raw(
    `POST /webhooks/dotdigital HTTP/1.1\r\nhost: a\r\nconnection: close\r\nx-comapi-signature: ${signature}\r\n` +
      `x-comapi-signature: ${signature}\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
  );
  expect(answer).toMatch(/^HTTP\/1.1 401 /);
});

test('a request id is echoed, and one that no header can carry is not', async () => {
  const response = await post('dotdigital', body, { ...good, 'X-Request-Id': 'request-1' });
  expect(response.headers.get('x-request-id')).toBe('request-1');
  const refused = await post('dotdigital', body, { 'X-Request-Id': 'request-2' });
  expect(refused.headers.get('x-request-id')).toBe('request-2');
  const longest = 'r'.repeat(1_024);
  const long = await post('dotdigital', body, { 'X-Request-Id': longest });
  expect(long.headers.get('x-request-id')).toBe(longest);
  for (const dropped of ['caf\u00e9', `${longest}r`]) {
    const odd = await post('dotdigital', body, { 'X-Request-Id': dropped });
    expect(odd.headers.get('x-request-id')).toBeNull();
  }
});

test('tasks: without the shared secret 401, with it 200', async () => {
  const task = JSON.stringify({ batchid: 'b', id: 1, owner: 'Ada', priority: 'Low' });
  await expectRefused(await post('tasks', task, json), 401);
  await expectRefused(await post('tasks', task, { ...json, 'x-inlet-secret': 'wrong' }), 401);
  const accepted = await post('tasks', task, { ...json, 'x-inlet-secret': 'development-secret-of-tasks' });
  expect([accepted.status, await accepted.text()]).toEqual([200, 'OK']);
  expect(accepted.headers.get('inlet-delivery')).toBe('tasks/b:1');
});

const seconds = () => Math.floor(Date.now() / 1000);
const claims = () => ({
  iss: issuer,
  aud: 'api_providers',
  sub: apiKey,
  cid: apiKey,
  iat: seconds(),
  exp: seconds() + 60,
});

function token(payload: object, header: object = { alg: 'RS256', kid: 'k1' }, key = privateKey): string {
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const content = `${encode(header)}.${encode(payload)}`;
  return `Bearer ${content}.${sign('sha256', Buffer.from(content), key).toString('base64url')}`;
}

test.each([
  ['no token', () => ''],
  ['no JWT', () => 'Bearer abc'],
  ['another scheme', () => token(claims()).replace('Bearer', 'Basic')],
  ['another issuer', () => token({ ...claims(), iss: 'https://elsewhere.example.com' })],
  ['another audience', () => token({ ...claims(), aud: 'fortellis' })],
  ['an app other than ours', () => token({ ...claims(), sub: 'other', cid: 'other' })],
  ['another cid', () => token({ ...claims(), cid: 'other' })],
  ['a person', () => token({ ...claims(), uid: '00u1' })],
  ['a person by e-mail', () => token({ ...claims(), sub: 'someone@example.com' })],
  ['expired', () => token({ ...claims(), exp: seconds() - 1 })],
  ['no expiry', () => token({ ...claims(), exp: undefined })],
  ['issued in the future', () => token({ ...claims(), iat: seconds() + 3600 })],
  ['an unknown key', () => token(claims(), { alg: 'RS256', kid: 'k2' })],
  [
    'a wrong key',
    () => token(claims(), undefined, generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey),
  ],
  ['no algorithm', () => token(claims(), { alg: 'none', kid: 'k1' })],
  ['the public key as a shared secret', () => token(claims(), { alg: 'HS256', kid: 'k1' })],
])('fortellis refuses a token: %s', async (_, authorization) => {
  await expectRefused(
    await post('fortellis', '{}', { ...json, authorization: authorization() }, '/event'),
    401,
  );
});

test('fortellis: accepted on every path, and an unknown owner is kept', async () => {
  for (const [path, owner, state] of [
    ['', 'owner-1', 'applied'],
    ['/event', 'owner-1', 'applied'],
    ['/event/hello', 'stranger', 'quarantined'],
  ] as const) {
    const id = `f${path.replaceAll('/', '-')}`;
    const headers = {
      ...json,
      authorization: token(claims()),
      'fortellis-event-id': id,
      'data-owner-id': owner,
    };
    const response = await post('fortellis', '{"a":1}', { ...headers, 'x-request-id': 'r-1' }, path);
    expect([response.status, await response.text(), response.headers.get('x-request-id')]).toEqual([
      202,
      '',
      'r-1',
    ]);
    await waitFor(async () => {
      const { body: event } = await api(`/api/events/fortellis/${id}`);
      return (event as { state: string }).state === state;
    });
  }
});

test('nothing of all this came near a 5xx, and no log line quotes a body, a signature or a token', () => {
  const text = JSON.stringify(logged);
  expect(logged.filter(({ status }) => Number(status) >= 500)).toEqual([]);
  expect(text).not.toContain(signature);
  expect(text).not.toContain('Bearer');
  expect(text).not.toContain('"sms"');
});

/** Sends bytes as they are and returns the answer. */
async function raw(request: string): Promise<string> {
  const { hostname, port } = new URL(local.url);
  const socket = connect(Number(port), hostname);
  socket.end(request);
  let answer = '';
  for await (const chunk of socket) answer += chunk;
  return answer;
}
