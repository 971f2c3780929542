/**
 * DynamoDB, SQS and SSM with ready-made answers, in a process of its own (`startCannedAws` forks it): what is
 * measured then is the function and its SDK, not an emulator. It remembers which entries were claimed, and for
 * the baseline what an idempotency record holds, so that a repeat is refused as DynamoDB would refuse it.
 */
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

type Item = Record<string, unknown>;

interface Action {
  readonly name: string;
  readonly input: Item;
}

const secrets = process.env.CANNED_SECRET ?? '';
const items = new Map<string, Item>();
const calls = new Map<string, number>();

function reply(response: ServerResponse, body: unknown, status = 200): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'content-type': 'application/x-amz-json-1.0',
    'content-length': Buffer.byteLength(text),
  });
  response.end(text);
}

function refuseCondition(response: ServerResponse, old: Item): void {
  const __type = 'com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException';
  reply(response, { __type, message: 'The conditional request failed', Item: old }, 400);
}

/** A put under a condition is refused when the key is known; every other write succeeds. */
function put(response: ServerResponse, input: Item): void {
  const item = input.Item as Item;
  const key = `${String(input.TableName)} ${JSON.stringify(item.id)}`;
  const old = items.get(key);
  if (old && input.ConditionExpression !== undefined) {
    refuseCondition(response, old);
    return;
  }
  // What a repeat finds is an event that has reached the queue, or an idempotency record that is complete.
  const state = item.status ? { status: { S: 'COMPLETED' }, data: { M: {} } } : { state: { S: 'queued' } };
  items.set(key, { ...item, ...state });
  reply(response, {});
}

function answer({ name, input }: Action): unknown {
  if (name === 'BatchWriteItem') return { UnprocessedItems: {} };
  if (name === 'GetParameter')
    return { Parameter: { Name: input.Name, Type: 'SecureString', Value: secrets } };
  if (name !== 'SendMessage') return {};
  const MD5OfMessageBody = createHash('md5').update(String(input.MessageBody)).digest('hex');
  return { MessageId: '00000000-0000-4000-8000-000000000000', MD5OfMessageBody };
}

async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = Buffer.concat(await request.toArray()).toString();
  const name = String(request.headers['x-amz-target']).split('.').at(-1) ?? '';
  calls.set(name, (calls.get(name) ?? 0) + 1);
  const input = JSON.parse(body) as Item;
  if (name === 'PutItem') put(response, input);
  else reply(response, answer({ name, input }));
}

const server = createServer((request, response) => void serve(request, response));
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => {
  process.send?.({ port: (server.address() as AddressInfo).port });
});
process.on('message', (message) => {
  if (message === 'calls') process.send?.({ calls: Object.fromEntries(calls) });
  if (message === 'reset') {
    calls.clear();
    items.clear();
    process.send?.({});
  }
});
process.on('disconnect', () => process.exit());
