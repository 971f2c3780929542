import { send, startGateway } from './gateway.ts';

const { gateway, events } = await startGateway();
afterAll(() => gateway.stop(0));

async function eventOf(request: Parameters<typeof send>[1]) {
  events.length = 0;
  await send(gateway.port, request);
  const [first] = events;
  if (!first) throw new Error('no event');
  return first.event;
}

const json = (body: Buffer | string, type?: string) => ({
  body,
  headers: ['content-length', String(Buffer.byteLength(body)), ...(type ? ['content-type', type] : [])],
});

describe('the body', () => {
  test.each([
    'application/json',
    'application/json; charset=utf-8',
    'Application/JSON',
    ' application/xml ; charset=utf-8',
    'application/javascript',
    'text/plain',
    'text/x-anything',
  ])('is text for %s', async (type) => {
    const event = await eventOf(json('{"a":"é\u0000"}', type));
    expect(event).toMatchObject({ body: '{"a":"é\u0000"}', isBase64Encoded: false });
  });

  test.each([
    undefined,
    'application/x-www-form-urlencoded',
    'application/cloudevents+json',
    'application/vnd.api+json',
    'multipart/form-data; boundary=x',
    'application/octet-stream',
    'application/jsonp',
    'text',
  ])('is base64 for %s', async (type) => {
    const event = await eventOf(json('a=1&b=2', type));
    expect(event).toMatchObject({ body: Buffer.from('a=1&b=2').toString('base64'), isBase64Encoded: true });
  });

  test('keeps every byte of text that is not UTF-8', async () => {
    const bytes = Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0xed, 0xa0, 0x80, 0x22, 0x7d]);
    const event = await eventOf(json(bytes, 'application/json'));
    expect(event.isBase64Encoded).toBe(true);
    expect(Buffer.from(event.body ?? '', 'base64')).toEqual(bytes);
  });

  test('keeps a byte order mark', async () => {
    const event = await eventOf(json('\ufeff{}', 'application/json'));
    expect(Buffer.from(event.body ?? '')).toEqual(Buffer.from([0xef, 0xbb, 0xbf, 0x7b, 0x7d]));
  });

  test('is left out when it is empty', async () => {
    const event = await eventOf(json('', 'application/json'));
    expect(event).not.toHaveProperty('body');
    expect(event.isBase64Encoded).toBe(false);
  });

  test('is put together from chunks', async () => {
    const event = await eventOf({
      body: 'chunked',
      headers: ['transfer-encoding', 'chunked', 'content-type', 'text/plain'],
    });
    expect(event.body).toBe('chunked');
    expect(event.headers).not.toHaveProperty('transfer-encoding');
  });
});

describe('the headers', () => {
  test('have lower-case names, and repeated ones are joined by commas', async () => {
    const event = await eventOf({
      headers: ['X-Sig', 'one', 'x-sig', 'two', 'X-SIG', 'three', 'Content-Type', 'text/plain'],
    });
    expect(event.headers['x-sig']).toBe('one,two,three');
    expect(event.headers['content-type']).toBe('text/plain');
    expect(event.headers).not.toHaveProperty('X-Sig');
  });

  test('also those that Node would drop when repeated', async () => {
    const event = await eventOf({ headers: ['authorization', 'one', 'authorization', 'two'] });
    expect(event.headers.authorization).toBe('one,two');
  });

  test('give their cookies apart', async () => {
    const event = await eventOf({ headers: ['cookie', 'a=1; b=2', 'Cookie', 'c=3'] });
    expect(event.cookies).toEqual(['a=1', 'b=2', 'c=3']);
    expect(event.headers).not.toHaveProperty('cookie');
  });

  test('make an own property of __proto__', async () => {
    const event = await eventOf({ headers: ['__proto__', 'x'] });
    expect(Object.hasOwn(event.headers, '__proto__')).toBe(true);
    expect(Object.getPrototypeOf(event.headers)).toBe(Object.prototype);
  });

  test('say for whom the gateway forwards', async () => {
    const event = await eventOf({ headers: ['x-forwarded-for', '203.0.113.7'] });
    expect(event.headers['x-forwarded-for']).toBe('203.0.113.7, 127.0.0.1');
    expect(event.headers['x-amzn-trace-id']).toMatch(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24}$/);
  });
});

describe('the path and the query', () => {
  test.each([
    ['/webhooks/x/event', '/webhooks/x/event'],
    ['/webhooks/caf%C3%A9/a%20b', '/webhooks/café/a b'],
    ['/webhooks/a%2Fb', '/webhooks/a/b'],
    ['/webhooks/a%252Fb', '/webhooks/a%2Fb'],
    ['/webhooks/a%3Fb/c', '/webhooks/a'],
    ['/webhooks/100%/%zz', '/webhooks/100%/%zz'],
    ['/webhooks/%FF', '/webhooks/\ufffd'],
    ['/webhooks/a+b', '/webhooks/a+b'],
    ['http://elsewhere.test/webhooks/x', '/webhooks/x'],
    ['http://elsewhere.test', '/'],
    ['//webhooks//x', '//webhooks//x'],
  ])('%s is decoded to %s', async (path, rawPath) => {
    const event = await eventOf({ path });
    expect(event.rawPath).toBe(rawPath);
    expect(event.requestContext.http.path).toBe(rawPath);
  });

  test('the raw query stays as it came, its parameters are decoded and joined by commas', async () => {
    const event = await eventOf({ path: '/webhooks/x?b=2&a=%20x+y&b=3&__proto__=p&c?d' });
    expect(event.rawQueryString).toBe('b=2&a=%20x+y&b=3&__proto__=p&c?d');
    const parameters = Object.entries(event.queryStringParameters ?? {});
    expect(parameters).toEqual([
      ['b', '2,3'],
      ['a', ' x y'],
      ['__proto__', 'p'],
      ['c?d', ''],
    ]);
  });

  test('without a query there are no parameters', async () => {
    const event = await eventOf({ path: '/webhooks/x' });
    expect(event.rawQueryString).toBe('');
    expect(event).not.toHaveProperty('queryStringParameters');
  });
});

test('the context describes the request as AWS does', async () => {
  const event = await eventOf({ method: 'PATCH', headers: ['user-agent', 'provider/1'] });
  expect(event).toMatchObject({ version: '2.0', routeKey: '$default' });
  expect(event.requestContext).toMatchObject({
    domainName: `127.0.0.1:${gateway.port}`,
    stage: '$default',
    routeKey: '$default',
    time: '07/Nov/2026:12:00:00 +0000',
    timeEpoch: 1_794_052_800_000,
    http: { method: 'PATCH', protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: 'provider/1' },
  });
  expect(event.headers.host).toBe('hooks.test');
  expect(event).toEqual(JSON.parse(JSON.stringify(event)));
});
