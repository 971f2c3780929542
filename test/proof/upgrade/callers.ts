/** Calls functions as the gateway does: a provider that repeats what was not taken, and an operator. */
import type { IncomingMessage } from 'node:http';
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { gatewayEvent } from '../../../local/gateway-event.ts';
import type { FunctionProcess } from '../../helpers/function-process.ts';
import type { Request } from './traffic.ts';

const DOMAIN = 'inlet.example';
const DELIVERIES = 5;

interface Call {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

async function call(
  fn: FunctionProcess,
  { method, url, headers, body = '' }: Call,
): Promise<APIGatewayProxyStructuredResultV2> {
  const rawHeaders = Object.entries(headers).flat();
  const request = { method, url, rawHeaders, socket: {}, httpVersion: '1.1' } as unknown as IncomingMessage;
  const event = gatewayEvent(request, Buffer.from(body), { domainName: DOMAIN, now: Date.now() });
  return (await fn.invoke(event)).answer;
}

/** Delivers a request until it is acknowledged. @throws Error when it is refused. */
export async function deliver(ingest: FunctionProcess, { source, headers, body }: Request): Promise<void> {
  let status = 0;
  for (let delivery = 0; delivery < DELIVERIES; delivery++) {
    const answer = await call(ingest, { method: 'POST', url: `/webhooks/${source}`, headers, body });
    status = answer.statusCode ?? 0;
    if (status < 300) return;
    if (status !== 503) break;
  }
  throw new Error(`a genuine request to ${source} was answered ${status}`);
}

/** Asks a console. @throws Error for another status than 200. */
export async function ask<T>(
  fn: FunctionProcess,
  token: string,
  request: string,
  body?: unknown,
): Promise<T> {
  const [method = '', url = ''] = request.split(' ');
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const answer = await call(fn, {
    method,
    url,
    headers,
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  if (answer.statusCode !== 200)
    throw new Error(`${request} was answered ${answer.statusCode}: ${answer.body}`);
  return JSON.parse(answer.body ?? '') as T;
}
