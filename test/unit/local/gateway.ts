import { once } from 'node:events';
import { request } from 'node:http';
import { connect } from 'node:net';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { type GatewayHandler, openGateway } from '../../../local/http.ts';

export const silent = { log: () => {} };
export const NOON = Date.parse('2026-11-07T12:00:00Z');

/** A gateway on a free port that keeps every event; `answer` may replace what the functions return. It goes by `clock`. */
export async function startGateway(options: Partial<Parameters<typeof openGateway>[0]> = {}) {
  const events: { handler: 'ingest' | 'api'; event: APIGatewayProxyEventV2 }[] = [];
  const state: { answer: GatewayHandler } = { answer: async () => ({ statusCode: 200, body: 'ok' }) };
  const clock = { now: NOON };
  const gateway = await openGateway({ port: 0, log: silent, now: () => clock.now, ...options });
  const keep =
    (handler: 'ingest' | 'api'): GatewayHandler =>
    (event) => {
      events.push({ handler, event });
      return state.answer(event);
    };
  gateway.serve({ ingest: keep('ingest'), api: keep('api') });
  return { gateway, events, state, clock };
}

export interface RawAnswer {
  readonly status: number;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly body: string;
}

/** Sends a request whose path and headers stay exactly as they are given, which `fetch` would not. */
export async function send(
  port: number,
  options: { method?: string; path?: string; headers?: string[]; body?: Buffer | string },
): Promise<RawAnswer> {
  const { method = 'POST', path = '/webhooks/x', headers = [], body } = options;
  const sent = request({
    host: '127.0.0.1',
    port,
    method,
    path,
    agent: false,
    headers: ['host', 'hooks.test', ...headers],
  });
  sent.end(body);
  const [response] = await once(sent, 'response');
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk);
  return { status: response.statusCode, headers: response.headers, body: Buffer.concat(chunks).toString() };
}

/** Writes bytes to a new connection and gives back what comes until the server closes it. */
export async function sendBytes(port: number, text: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.write(text);
  let answer = '';
  socket.on('data', (data) => {
    answer += data;
  });
  socket.on('error', () => {});
  await once(socket, 'close');
  return answer;
}
