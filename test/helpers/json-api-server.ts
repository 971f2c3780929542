import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type Listening, listenOnLoopback } from './loopback.ts';
import { isSigned } from './sigv4.ts';

/** What the next request meets. `lose`: it is carried out, and its answer gets lost. `pass`: nothing. */
export type Fault = 'reset' | 'throttle' | 'fail' | 'deny' | 'hang' | 'lose' | 'pass';

/** An answer with 200, or the name of an error with another status. */
export type Reply = { readonly json: unknown } | { readonly error: string; readonly status?: number };

export interface JsonApi {
  /** As the signature has it. */
  readonly service: string;
  /** In front of an action's name in `x-amz-target`. */
  readonly target: string;
  readonly actions: Readonly<Record<string, (input: Record<string, string>) => Reply>>;
  /** Hears of every request, also of those that meet a fault. */
  readonly hear: (action: string, input: Record<string, string>) => void;
  /** One is taken off for each request. */
  readonly faults: Fault[];
}

/** A service of AWS over real HTTP, protocol JSON 1.1. A request has to be signed for this very service. */
export async function startJsonApi(api: JsonApi): Promise<Listening> {
  const server = createServer((request, response) => void answer(api, request, response));
  return listenOnLoopback(server);
}

async function answer(api: JsonApi, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = Buffer.concat(await request.toArray());
  const input = JSON.parse(body.toString()) as Record<string, string>;
  const [target, action = ''] = String(request.headers['x-amz-target']).split('.');
  api.hear(action, input);
  const reply = (status: number, json: unknown) =>
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(json));
  const refuse = (status: number, type: string) =>
    void reply(status, { __type: type, message: 'refused by the test' });

  const fault = api.faults.shift();
  if (fault === 'reset') return void request.socket.destroy();
  if (fault === 'hang') return;
  if (fault === 'throttle') return refuse(400, 'ThrottlingException');
  if (fault === 'fail') return refuse(500, 'InternalServerError');
  if (fault === 'deny') return refuse(400, 'com.amazon.coral.service#AccessDeniedException');
  const act = target === api.target ? api.actions[action] : undefined;
  if (!act || request.headers['content-type'] !== 'application/x-amz-json-1.1')
    return refuse(400, 'UnknownOperationException');
  const scope = /\/([a-z]+)\/aws4_request,/.exec(request.headers.authorization ?? '')?.[1];
  if (scope !== api.service || !isSigned(request, body)) return refuse(403, 'InvalidSignatureException');
  const result = act(input);
  if (fault === 'lose') return void request.socket.destroy();
  if ('error' in result) return refuse(result.status ?? 400, result.error);
  reply(200, result.json);
}
