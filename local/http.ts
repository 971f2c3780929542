import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { APIGatewayProxyEventV2, APIGatewayProxyResultV2 } from 'aws-lambda';
import { errorName } from '../functions/core/errors.ts';
import type { Logger } from '../functions/core/log.ts';
import { Turns } from '../functions/core/turns.ts';
import { limitConnections } from './connections.ts';
import { gatewayEvent } from './gateway-event.ts';
import { gatewayMessage, type HttpAnswer, httpAnswer, sendAnswer } from './gateway-response.ts';
import { LOOPBACK, listen } from './listen.ts';
import { before } from './time-limit.ts';

/**
 * Limits of an HTTP API
 * (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html): request line and headers
 * together, body, and time for the function. A body of 6 to 10 MB reaches the function here, which answers 413
 * itself; on AWS Lambda refuses it. Above that the answer is the gateway's own, as on AWS: `{"message": …}`.
 */
const MAX_HEADER_BYTES = 10_240;
const MAX_BODY_BYTES = 10 * 1024 * 1024;
/** For a sender to send its whole request, and for the function to answer it. */
const TIME_LIMITS = { requestMs: 30_000, functionMs: 30_000 };
/** How often senders are looked at that take longer; Node's half a minute would double their time. */
const LOOK_MS = 1_000;
/**
 * How many run at a time. A burst that all begins at once would share the stand-ins' time among all, so that none gets
 * its answer from them in time.
 */
const MAX_RUNNING = 50;

/** A function behind the gateway. */
export type GatewayHandler = (event: APIGatewayProxyEventV2) => Promise<APIGatewayProxyResultV2 | undefined>;

export interface GatewayHandlers {
  readonly ingest: GatewayHandler;
  /** `/api/…`, `/console` and `/console/…`. As on AWS everything else is ingest's. */
  readonly api: GatewayHandler;
}

export interface Gateway {
  readonly port: number;
  readonly url: string;
  /** Until this is called every request gets a 503. */
  serve(handlers: GatewayHandlers): void;
  /** Accepts nothing more, lets requests under way end for so many milliseconds, then cuts them off. */
  stop(graceMs: number): Promise<void>;
}

/** @throws the error of the socket, `EADDRINUSE` when the port is taken. */
export async function openGateway(options: {
  port: number;
  log: Logger;
  now?: () => number;
  timeLimits?: typeof TIME_LIMITS;
}): Promise<Gateway> {
  let handlers: GatewayHandlers | undefined;
  const { now = Date.now, timeLimits: { requestMs, functionMs } = TIME_LIMITS } = options;
  const limits = {
    maxHeaderSize: MAX_HEADER_BYTES,
    requestTimeout: requestMs,
    headersTimeout: requestMs,
    connectionsCheckingInterval: Math.min(LOOK_MS, requestMs),
  };
  const server = createServer(limits, (request, response) => {
    response.on('error', () => {});
    if (!server.listening) response.setHeader('connection', 'close');
    answer(request, response).catch((error: unknown) => {
      options.log.log('ERROR', { outcome: 'failed', error: errorName(error) });
      if (!response.headersSent) sendFailure(response);
    });
  });
  const connections = limitConnections(server, now);
  const turns = new Turns(MAX_RUNNING);
  // Node's 5 s are over too soon for a sender on a busy machine, which would find its next request reset.
  server.keepAliveTimeout = 60_000;
  server.on('clientError', refuse);
  const port = await listen(server, options.port);
  const domainName = `${LOOPBACK}:${port}`;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const isSurplus = connections.isSurplus(request.socket);
    const body = await readBody(request, isSurplus ? 0 : MAX_BODY_BYTES);
    if (body === 'aborted') return;
    if (isSurplus) response.setHeader('connection', 'close');
    if (isSurplus || !handlers) return sendAnswer(response, unavailable());
    if (body === 'too large') return sendAnswer(response, gatewayMessage(413, 'Request Entity Too Large'));
    const event = gatewayEvent(request, body, { domainName, now: now() });
    const { api, ingest } = handlers;
    const isApi = /^\/(?:api\/.|console(?:\/|$))/.test(event.rawPath);
    sendAnswer(response, await (isApi ? run(api, event) : runInTurn(ingest, event, response)));
  }

  async function run(handler: GatewayHandler, event: APIGatewayProxyEventV2): Promise<HttpAnswer> {
    const result = await before(functionMs, handler(event));
    return result === 'timeout' ? unavailable() : httpAnswer(result.value);
  }

  /** A function whose sender has been answered or has gone before its turn came does not begin any more. */
  async function runInTurn(handler: GatewayHandler, event: APIGatewayProxyEventV2, response: ServerResponse) {
    const isOver = () => response.closed || response.writableEnded;
    const turn = turns.take(async () => (isOver() ? unavailable() : run(handler, event)));
    const result = await before(functionMs, turn);
    return result === 'timeout' ? unavailable() : result.value;
  }

  return {
    port,
    url: `http://${domainName}`,
    serve: (ready) => {
      handlers = ready;
    },
    stop: (graceMs) => stopServer(server, graceMs),
  };
}

/**
 * The whole body. Of one that is too large nothing is kept, but it is read to its end: a sender that is cut off
 * while it writes would see a broken connection instead of the 413.
 */
async function readBody(request: IncomingMessage, limit: number): Promise<Buffer | 'too large' | 'aborted'> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  return new Promise((resolve) => {
    request.on('error', () => resolve('aborted'));
    request.on('close', () => resolve('aborted'));
    request.on('end', () => resolve(bytes > limit ? 'too large' : Buffer.concat(chunks)));
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= limit) chunks.push(chunk);
      else chunks.length = 0;
    });
  });
}

/** The gateway's answer to a function that failed. */
function sendFailure(response: ServerResponse): void {
  for (const name of response.getHeaderNames()) response.removeHeader(name);
  sendAnswer(response, gatewayMessage(500, 'Internal Server Error'));
}

/** What a gateway says whose function is not to be had, and when to come again. */
function unavailable(): HttpAnswer {
  return gatewayMessage(503, 'Service Unavailable', { 'retry-after': '5' });
}

const REFUSALS: Readonly<Record<string, readonly [status: number, message: string]>> = {
  HPE_HEADER_OVERFLOW: [431, 'Request Header Fields Too Large'],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'Request Timeout'],
};

/** Answers what Node could not read as a request, or not in time. */
function refuse(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (!socket.writable) return void socket.destroy();
  const [status, message] = REFUSALS[error.code ?? ''] ?? [400, 'Bad Request'];
  const body = JSON.stringify({ message });
  const headers = `content-type: application/json\r\ncontent-length: ${body.length}\r\nconnection: close`;
  socket.end(`HTTP/1.1 ${status} ${message}\r\n${headers}\r\n\r\n${body}`);
}

async function stopServer(server: Server, graceMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  await before(graceMs, closed);
  server.closeAllConnections();
  await closed;
}
