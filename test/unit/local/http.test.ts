import { once } from 'node:events';
import { request } from 'node:http';
import { connect } from 'node:net';
import { openGateway } from '../../../local/http.ts';
import { waitFor } from '../../helpers/wait-for.ts';
import { send, sendBytes, silent, startGateway } from './gateway.ts';

const MEGABYTE = 1024 * 1024;
const { gateway, events, state } = await startGateway();
afterAll(() => gateway.stop(0));
beforeEach(() => {
  events.length = 0;
  state.answer = async () => ({ statusCode: 200, body: 'ok' });
});

describe('routes', () => {
  test.each([
    ['/webhooks/x', 'ingest'],
    ['/health', 'ingest'],
    ['/', 'ingest'],
    ['/apiary', 'ingest'],
    ['/api', 'ingest'],
    ['/api/events?limit=1', 'api'],
    ['/console', 'api'],
    ['/console.js', 'ingest'],
  ])('%s goes to %s', async (path, handler) => {
    await send(gateway.port, { method: 'GET', path });
    expect(events.map((kept) => kept.handler)).toEqual([handler]);
  });

  test.each(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE', 'PATCH'])('%s passes through', async (method) => {
    await send(gateway.port, { method });
    expect(events[0]?.event.requestContext.http.method).toBe(method);
  });
});

describe('results', () => {
  test('status, headers, cookies and body are sent', async () => {
    state.answer = async () => ({
      statusCode: 503,
      headers: { 'Retry-After': 5, 'Content-Type': 'application/json' },
      cookies: ['a=1', 'b=2'],
      body: '{"é":1}',
    });
    const { status, headers, body } = await send(gateway.port, {});
    expect(status).toBe(503);
    expect(headers).toMatchObject({
      'retry-after': '5',
      'content-type': 'application/json',
      'set-cookie': ['a=1', 'b=2'],
    });
    expect(body).toBe('{"é":1}');
  });

  test('a base64 body is decoded', async () => {
    state.answer = async () => ({
      statusCode: 200,
      body: Buffer.from('bytes').toString('base64'),
      isBase64Encoded: true,
    });
    expect((await send(gateway.port, {})).body).toBe('bytes');
  });

  test('a result without a status is the body of a 200', async () => {
    state.answer = async () => 'text';
    expect(await send(gateway.port, {})).toMatchObject({ status: 200, body: 'text' });
    state.answer = async () => ({ any: 'value' }) as object;
    expect(await send(gateway.port, {})).toMatchObject({ status: 200, body: '{"any":"value"}' });
  });

  test('HEAD gets the headers only', async () => {
    const { status, headers, body } = await send(gateway.port, { method: 'HEAD' });
    expect([status, headers['content-length'], body]).toEqual([200, '2', '']);
  });

  test.each([
    ['throws', async () => Promise.reject(new Error('secret'))],
    ['gives a header that HTTP forbids', async () => ({ statusCode: 200, headers: { a: 'x\r\ny' } })],
    ['gives a status that HTTP forbids', async () => ({ statusCode: 7 })],
  ])('a function that %s is a 500 of the gateway', async (_what, answer) => {
    state.answer = answer;
    expect(await send(gateway.port, {})).toMatchObject({
      status: 500,
      body: '{"message":"Internal Server Error"}',
    });
  });
});

describe('limits of the gateway', () => {
  test('headers of more than 10,240 bytes are a 431, just below they pass', async () => {
    const ask = (bytes: number) =>
      sendBytes(
        gateway.port,
        `GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\nx-big: ${'b'.repeat(bytes)}\r\n\r\n`,
      );
    expect(await ask(10_400)).toMatch(/^HTTP\/1.1 431 /);
    expect(events).toEqual([]);
    expect(await ask(10_100)).toMatch(/^HTTP\/1.1 200 /);
  });

  test('what is no HTTP is a 400', async () => {
    expect(await sendBytes(gateway.port, 'nonsense\r\n\r\n')).toMatch(/^HTTP\/1.1 400 /);
  });

  test('a body of 10 MB reaches the function', async () => {
    const body = Buffer.alloc(10 * MEGABYTE, 1);
    expect((await send(gateway.port, { body })).status).toBe(200);
    expect(Buffer.from(events[0]?.event.body ?? '', 'base64').length).toBe(body.length);
  });

  test.each([
    ['announced', ['content-length', String(11 * MEGABYTE)]],
    ['in chunks', ['transfer-encoding', 'chunked']],
  ])('a larger one, %s, is a 413 and reaches no function', async (_how, headers) => {
    const answer = await send(gateway.port, { body: Buffer.alloc(11 * MEGABYTE), headers });
    expect(answer).toMatchObject({ status: 413, body: '{"message":"Request Entity Too Large"}' });
    expect(events).toEqual([]);
  });
});

test('a client that goes away in the middle of its body does no harm', async () => {
  const sent = request({
    host: '127.0.0.1',
    port: gateway.port,
    method: 'POST',
    headers: { 'content-length': 100 },
  });
  sent.on('error', () => {});
  sent.write('the first half');
  await once(sent, 'socket');
  const [socket] = [sent.socket];
  if (socket?.connecting) await once(socket, 'connect');
  sent.destroy();
  expect((await send(gateway.port, {})).status).toBe(200);
  expect(events).toHaveLength(1);
});

test('a client that goes away before the answer does no harm', async () => {
  let answer: ((result: string) => void) | undefined;
  state.answer = () =>
    new Promise((resolve) => {
      answer = resolve;
    });
  const socket = connect(gateway.port, '127.0.0.1');
  socket.write('POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 0\r\n\r\n');
  await waitFor(() => answer);
  socket.destroy();
  answer?.('too late');
  state.answer = async () => 'ok';
  expect((await send(gateway.port, {})).status).toBe(200);
});

describe('start and stop', () => {
  test('before the functions are ready every request gets a 503', async () => {
    const early = await openGateway({ port: 0, log: silent });
    expect(await send(early.port, {})).toMatchObject({
      status: 503,
      body: '{"message":"Service Unavailable"}',
    });
    await early.stop(0);
  });

  test('a port in use is reported', async () => {
    await expect(openGateway({ port: gateway.port, log: silent })).rejects.toMatchObject({
      code: 'EADDRINUSE',
    });
  });

  test('stopping lets a request under way end and accepts no other', async () => {
    const own = await startGateway();
    let answer: ((result: string) => void) | undefined;
    own.state.answer = () =>
      new Promise((resolve) => {
        answer = resolve;
      });
    const underWay = send(own.gateway.port, {});
    await waitFor(() => answer);
    const stopped = own.gateway.stop(10_000);
    await expect(send(own.gateway.port, {})).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    answer?.('done');
    expect((await underWay).body).toBe('done');
    await stopped;
  });
});
