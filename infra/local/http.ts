import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { APIGatewayProxyEventV2, APIGatewayProxyResultV2 } from 'aws-lambda';
import { errorName } from '../../functions/shared/errors.ts';
import type { Logger } from '../../functions/shared/log.ts';
import { gatewayEvent } from './gateway-event.ts';
import { gatewayMessage, httpAnswer, sendAnswer } from './gateway-response.ts';
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
const FUNCTION_TIMEOUT_MS = 30_000;
/** For a sender to send its whole request. */
const REQUEST_TIMEOUT_MS = 30_000;
/** More than any local sender opens; bounds what 10 MB bodies can take of the memory. */
const MAX_CONNECTIONS = 500;

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
}): Promise<Gateway> {
  let handlers: GatewayHandlers | undefined;
  const server = createServer({ maxHeaderSize: MAX_HEADER_BYTES }, (request, response) => {
    response.on('error', () => {});
    if (!server.listening) response.setHeader('connection', 'close');
    answer(request, response).catch((error: unknown) => {
      options.log.log('ERROR', { outcome: 'failed', error: errorName(error) });
      if (!response.headersSent) sendFailure(response);
    });
  });
  server.maxConnections = MAX_CONNECTIONS;
  server.requestTimeout = REQUEST_TIMEOUT_MS;
  // Node's 5 s are over too soon for a sender on a busy machine, which would find its next request reset.
  server.keepAliveTimeout = 60_000;
  server.on('clientError', refuse);
  const port = await listen(server, options.port);
  const domainName = `${LOOPBACK}:${port}`;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readBody(request);
    if (body === 'aborted') return;
    if (body === 'too large') return sendAnswer(response, gatewayMessage(413, 'Request Entity Too Large'));
    if (!handlers) return sendAnswer(response, gatewayMessage(503, 'Service Unavailable'));
    const event = gatewayEvent(request, body, { domainName, now: (options.now ?? Date.now)() });
    const handler = /^\/(?:api\/.|console(?:\/|$))/.test(event.rawPath) ? handlers.api : handlers.ingest;
    const result = await before(FUNCTION_TIMEOUT_MS, handler(event));
    if (result === 'timeout') return sendAnswer(response, gatewayMessage(503, 'Service Unavailable'));
    sendAnswer(response, httpAnswer(result.value));
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
async function readBody(request: IncomingMessage): Promise<Buffer | 'too large' | 'aborted'> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  return new Promise((resolve) => {
    request.on('error', () => resolve('aborted'));
    request.on('close', () => resolve('aborted'));
    request.on('end', () => resolve(bytes > MAX_BODY_BYTES ? 'too large' : Buffer.concat(chunks)));
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= MAX_BODY_BYTES) chunks.push(chunk);
      else chunks.length = 0;
    });
  });
}

/** The gateway's answer to a function that failed. */
function sendFailure(response: ServerResponse): void {
  for (const name of response.getHeaderNames()) response.removeHeader(name);
  sendAnswer(response, gatewayMessage(500, 'Internal Server Error'));
}

/** Answers what Node could not read as a request. */
function refuse(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (!socket.writable) return void socket.destroy();
  const [line, message] =
    error.code === 'HPE_HEADER_OVERFLOW'
      ? ['431 Request Header Fields Too Large', 'Request Header Fields Too Large']
      : ['400 Bad Request', 'Bad Request'];
  const body = JSON.stringify({ message });
  const headers = `content-type: application/json\r\ncontent-length: ${body.length}\r\nconnection: close`;
  socket.end(`HTTP/1.1 ${line}\r\n${headers}\r\n\r\n${body}`);
}

async function stopServer(server: Server, graceMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  await before(graceMs, closed);
  server.closeAllConnections();
  await closed;
}
