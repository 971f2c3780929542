/** Many connections at once, and senders that keep theirs: nobody is locked out, and whoever is refused is told when to come again. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { waitFor } from '../../helpers/wait-for.ts';
import { send, startGateway } from './gateway.ts';

const sockets: Socket[] = [];
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
});

/** A connection that sends no more than this. @param localAddress all of 127/8 is this machine. */
async function open(port: number, text = '', localAddress = '127.0.0.1'): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', localAddress });
  socket.on('error', () => {});
  sockets.push(socket);
  await once(socket, 'connect');
  socket.write(text);
  return socket;
}

/** Everything that the server says until it closes. */
async function rest(socket: Socket): Promise<string> {
  let text = '';
  socket.on('data', (data) => {
    text += data;
  });
  await once(socket, 'close');
  return text;
}

test('a thousand webhooks at once are all taken, and run a few at a time', async () => {
  const { gateway, state } = await startGateway();
  let running = 0;
  let most = 0;
  state.answer = async () => {
    most = Math.max(most, ++running);
    await new Promise((resolve) => setImmediate(resolve));
    running--;
    return 'ok';
  };
  const senders = await Promise.all(Array.from({ length: 1_000 }, () => open(gateway.port)));
  const answers = senders.map((socket) => rest(socket));
  for (const socket of senders) socket.write('GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n');
  const statuses = (await Promise.all(answers)).map((text) => text.split('\r\n')[0]);
  expect(new Set(statuses)).toEqual(new Set(['HTTP/1.1 200 OK']));
  expect(most).toBeLessThanOrEqual(50);
  await gateway.stop(0);
}, 30_000);

test('connections that nobody uses make room for those who come', async () => {
  const { gateway, clock } = await startGateway();
  const idle = await Promise.all(Array.from({ length: 1_000 }, () => open(gateway.port)));
  clock.now += 10_000;
  expect((await send(gateway.port, {})).status).toBe(200);
  await waitFor(() => idle[0]?.closed, { what: 'the end of the connection that was idle longest' });
  await gateway.stop(0);
});

test('an address with as many connections as it may have is told when to come again, another is served', async () => {
  const { gateway } = await startGateway();
  const started = 'POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n\r\n';
  await Promise.all(Array.from({ length: 1_000 }, () => open(gateway.port, started)));
  const refused = await send(gateway.port, { body: 'one more' });
  expect(refused).toMatchObject({ status: 503, headers: { 'retry-after': '5', connection: 'close' } });
  const other = await open(
    gateway.port,
    'GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n',
    '127.0.0.2',
  );
  expect(await rest(other)).toMatch(/^HTTP\/1.1 200 /);
  await gateway.stop(0);
});

test.each([
  ['a body', 'POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\nthe first half'],
  ['headers', 'POST / HTTP/1.1\r\nhost: x\r\n'],
  ['nothing at all', ''],
])('%s that does not come to its end is a 408, in time', async (_what, text) => {
  const { gateway } = await startGateway({ timeLimits: { requestMs: 200, functionMs: 30_000 } });
  const started = performance.now();
  expect(await rest(await open(gateway.port, text))).toMatch(/^HTTP\/1.1 408 .*"Request Timeout"/s);
  expect(performance.now() - started).toBeLessThan(5_000);
  await gateway.stop(0);
});

test('functions that hang are 503s, and keep no turn from others', async () => {
  const { gateway, state } = await startGateway({ timeLimits: { requestMs: 30_000, functionMs: 200 } });
  state.answer = () => new Promise(() => {});
  const hanging = await Promise.all(Array.from({ length: 120 }, () => send(gateway.port, {})));
  expect(new Set(hanging.map(({ status }) => status))).toEqual(new Set([503]));
  state.answer = async () => 'ok';
  await waitFor(async () => (await send(gateway.port, {})).status === 200);
  await gateway.stop(0);
});
