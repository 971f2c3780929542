import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isSigned } from './sigv4.ts';

/** SSM's `GetParameter` and `PutParameter` over real HTTP, protocol JSON 1.1: there is no emulator of it on npm. */
export interface SsmServer {
  readonly endpoint: string;
  /** By full name. */
  readonly parameters: Map<string, string>;
  /** Names asked for, in order. */
  readonly asked: string[];
  /** What the next requests meet instead of an answer; one is taken off for each. */
  readonly faults: ('reset' | 'throttle' | 'fail' | 'deny' | 'hang')[];
  close(): Promise<void>;
}

export async function startSsm(parameters: Readonly<Record<string, string>> = {}): Promise<SsmServer> {
  const state = { parameters: new Map(Object.entries(parameters)), asked: [], faults: [] } as Pick<
    SsmServer,
    'parameters' | 'asked' | 'faults'
  >;
  const server = createServer((request, response) => void answer(state, request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    ...state,
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => close(server),
  };
}

async function answer(
  { parameters, asked, faults }: Pick<SsmServer, 'parameters' | 'asked' | 'faults'>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const body = Buffer.concat(await request.toArray());
  const { Name, WithDecryption, Value } = JSON.parse(body.toString()) as {
    Name: string;
    WithDecryption: boolean;
    Value?: string;
  };
  asked.push(Name);
  const reply = (status: number, json: unknown) =>
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(json));
  const refuse = (status: number, type: string) =>
    reply(status, { __type: type, message: 'refused by the test' });

  const fault = faults.shift();
  if (fault === 'reset') return void request.socket.destroy();
  if (fault === 'hang') return;
  if (fault === 'throttle') return void refuse(400, 'ThrottlingException');
  if (fault === 'fail') return void refuse(500, 'InternalServerError');
  if (fault === 'deny') return void refuse(400, 'com.amazon.coral.service#AccessDeniedException');
  const action = String(request.headers['x-amz-target']);
  if (!['AmazonSSM.GetParameter', 'AmazonSSM.PutParameter'].includes(action))
    return void refuse(400, 'UnknownOperationException');
  if (!isSigned(request, body)) return void refuse(403, 'InvalidSignatureException');
  if (action === 'AmazonSSM.PutParameter') {
    if (!Value) return void refuse(400, 'ValidationException');
    parameters.set(Name, Value);
    return void reply(200, { Version: 2, Tier: 'Standard' });
  }
  const value = parameters.get(Name);
  if (value === undefined) return void refuse(400, 'ParameterNotFound');
  reply(200, { Parameter: { Name, Type: 'SecureString', Value: WithDecryption ? value : 'ciphertext' } });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
