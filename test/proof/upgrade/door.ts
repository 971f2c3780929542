/**
 * What stands between the functions of all releases and the stand-ins: it lets no pause happen, refuses effects where
 * the test says so, and notes what the tables took.
 */
import { createServer, request as forward, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Item } from '../../../functions/aws/dynamodb.ts';
import { LOCAL_TABLES } from '../../../local/dynamodb.ts';
import { listenOnLoopback } from '../../helpers/loopback.ts';
import type { UserPool } from '../deployed/user-pool.ts';

interface Input {
  readonly TableName?: string;
  readonly Key?: Item;
  readonly Item?: Item;
  readonly UpdateExpression?: string;
  readonly ExpressionAttributeValues?: Item;
  readonly DelaySeconds?: number;
}

/** A write by which a subject took an event. */
export interface Applied {
  readonly subject: string;
  readonly event: string;
  readonly revision: string;
}

export interface Door {
  readonly endpoint: string;
  /** In the order in which the table took them. */
  readonly applied: readonly Applied[];
  /** How often each effect was asked for and not refused, by idempotency key. */
  readonly effects: ReadonlyMap<string, number>;
  /** How often the effect of a key is still to be refused. */
  readonly refusals: Map<string, number>;
  close(): Promise<void>;
}

export async function openDoor(
  targets: { readonly dynamodb: string; readonly sqs: string },
  userPool: UserPool,
): Promise<Door> {
  const applied: Applied[] = [];
  const effects = new Map<string, number>();
  const refusals = new Map<string, number>();
  /** Writes to one subject go one after the other, so that their order is known. */
  const lanes = new Map<string, Promise<void>>();

  const server = createServer((request, response) => void pass(request, response));
  server.on('connect', ({ url }: IncomingMessage, socket: Duplex) => {
    socket.on('error', () => {});
    if (url !== userPool.authority) return void socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
    socket.write('HTTP/1.1 200 OK\r\n\r\n');
    userPool.serve(socket);
  });
  const listening = await listenOnLoopback(server);

  async function pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    request.on('error', () => {});
    const body = Buffer.concat(await request.toArray().catch(() => []));
    const [service = '', operation] = String(request.headers['x-amz-target'] ?? '').split('.');
    // S3 has no such header.
    if (service === '') return void (await onward(request, body, targets.sqs, response));
    const input = JSON.parse(body.toString()) as Input;
    if (service.startsWith('AmazonSQS')) {
      // The event source hands out again by itself what is given back.
      if (operation === 'ChangeMessageVisibility') return reply(response, 200, {});
      const { DelaySeconds: _, ...rest } = input;
      const prompt = Buffer.from(JSON.stringify(rest));
      return void (await onward(request, input.DelaySeconds ? prompt : body, targets.sqs, response));
    }
    if (input.TableName === LOCAL_TABLES.effects && operation === 'PutItem' && isRefused(input))
      return reply(response, 400, { __type: 'x#ValidationException', message: 'refused by the test' });
    if (input.TableName !== LOCAL_TABLES.subjects || operation !== 'UpdateItem')
      return void (await onward(request, body, targets.dynamodb, response));
    const subject = input.Key?.id?.S ?? '';
    const before = lanes.get(subject);
    const turn = (async () => {
      await before;
      const status = await onward(request, body, targets.dynamodb, response);
      const { ':eventId': event, ':revision': revision } = input.ExpressionAttributeValues ?? {};
      if (status === 200 && event?.S && revision?.N && input.UpdateExpression?.includes(':eventId'))
        applied.push({ subject, event: event.S, revision: revision.N });
    })();
    lanes.set(subject, turn);
    await turn;
  }

  /** Counts the effect, unless it is refused. */
  function isRefused({ Item }: Input): boolean {
    const key = Item?.id?.S ?? '';
    const left = refusals.get(key) ?? 0;
    if (left > 0) refusals.set(key, left - 1);
    else effects.set(key, (effects.get(key) ?? 0) + 1);
    return left > 0;
  }

  return {
    ...listening,
    applied,
    effects,
    refusals,
  };
}

/** Passes a request on. @returns the status of its answer. */
function onward(
  { url = '/', method, headers }: IncomingMessage,
  body: Buffer,
  target: string,
  response: ServerResponse,
): Promise<number> {
  return new Promise((resolve) => {
    const length = { 'content-length': String(body.length) };
    const sent = forward(new URL(url, target), { method, headers: { ...headers, ...length } }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
      answer.on('close', () => resolve(answer.statusCode ?? 502));
    });
    sent.on('error', () => {
      response.destroy();
      resolve(502);
    });
    sent.end(body);
  });
}

function reply(response: ServerResponse, status: number, json: unknown): void {
  response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' }).end(JSON.stringify(json));
}
