import { readFileSync } from 'node:fs';
import { createServer, request as forward, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { join } from 'node:path';
import { isSigned } from './sigv4.ts';

/** One request that came by. */
export interface Passed {
  /** `PutItem`, `SendMessage`, …; of S3 the method. */
  readonly operation: string;
  /** Whether its signature is right for the test's key pair. */
  readonly signed: boolean;
  readonly headers: IncomingMessage['headers'];
}

/** Stands between a function and a stand-in: looks at every request and spoils some. */
export interface FaultyProxy {
  readonly endpoint: string;
  readonly passed: Passed[];
  /** What the next requests meet; one is taken off for each. `lost`: it is carried out, and the answer never comes. */
  readonly faults: ('reset' | 'throttle' | 'lost')[];
  /** While true, no request is answered. */
  hangs: boolean;
  /** Requests of this operation are answered when so many of them wait, each on a connection of its own. Once. */
  gathers?: { readonly operation: string; readonly count: number } | undefined;
  /**
   * Forgets the connections that are open now, as the other side does that closed them while a function was frozen, or
   * a router that needed the room: the function hears of it by a reset, when it next uses one.
   */
  forgetConnections(): void;
  close(): Promise<void>;
}

/** @param secure Speaks TLS, with a certificate that nobody trusts: set NODE_TLS_REJECT_UNAUTHORIZED=0. */
export async function startFaultyProxy(target: string, secure = false): Promise<FaultyProxy> {
  const answer = (request: IncomingMessage, response: ServerResponse) => void pass(request, response);
  const server = secure ? createSecureServer(certificate(), answer) : createServer(answer);
  const connections = new Set<Socket>();
  const forgotten = new WeakSet<Socket>();
  server.on(secure ? 'secureConnection' : 'connection', (socket: Socket) => {
    connections.add(socket);
    socket.once('close', () => connections.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const proxy: FaultyProxy = {
    endpoint: `${secure ? 'https' : 'http'}://127.0.0.1:${(server.address() as AddressInfo).port}`,
    passed: [],
    faults: [],
    hangs: false,
    forgetConnections() {
      for (const socket of connections) forgotten.add(socket);
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };

  let waiting: (() => void)[] = [];

  function gather(count: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    waiting.push(resolve);
    if (waiting.length === count) {
      for (const go of waiting) go();
      waiting = [];
      proxy.gathers = undefined;
    }
    return promise;
  }

  async function pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    request.on('error', () => {});
    if (forgotten.has(request.socket)) return void request.socket.resetAndDestroy();
    const body = Buffer.concat(await request.toArray().catch(() => []));
    const operation = String(request.headers['x-amz-target'] ?? request.method).replace(/^.*\./, '');
    proxy.passed.push({ operation, signed: isSigned(request, body), headers: request.headers });
    if (operation === proxy.gathers?.operation) await gather(proxy.gathers.count);
    if (proxy.hangs) return;
    const fault = proxy.faults.shift();
    if (fault === 'reset') return void request.socket.destroy();
    if (fault === 'throttle') {
      const error = { __type: 'com.amazonaws.dynamodb.v20120810#ThrottlingException', message: 'slow down' };
      return void response
        .writeHead(400, { 'content-type': 'application/x-amz-json-1.0' })
        .end(JSON.stringify(error));
    }
    const { method, headers, url = '/' } = request;
    const onward = forward(new URL(url, target), { method, headers }, (answer) => {
      if (fault === 'lost') return void answer.resume().once('end', () => request.socket.destroy());
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onward.on('error', () => response.destroy());
    onward.end(body);
  }
  return proxy;
}

/** dynalite brings one along. */
function certificate(): { key: Buffer; cert: Buffer } {
  const folder = join(import.meta.dirname, '../../node_modules/dynalite/ssl');
  return {
    key: readFileSync(join(folder, 'server-key.pem')),
    cert: readFileSync(join(folder, 'server-crt.pem')),
  };
}
