import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { DescribeTableCommand, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import {
  ChangeMessageVisibilityCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
} from '@aws-sdk/client-sqs';
import { createTables, LOCAL_TABLES } from '../../../local/dynamodb.ts';
import { startSqs } from '../../../local/sqs.ts';
import { waitFor } from '../../helpers/wait-for.ts';
import { startServers } from './servers.ts';
import { temporaryFolder } from './temporary-folder.ts';

const folder = temporaryFolder();
const laterFolder = temporaryFolder();

describe.each([
  ['in memory', undefined],
  ['on disk', folder],
])('the embedded servers %s', (_where, data) => {
  let servers: Awaited<ReturnType<typeof startServers>>;
  beforeAll(async () => {
    servers = await startServers(data);
  });
  afterAll(() => servers.close());

  const send = (MessageBody: string) =>
    servers.clients.sqs.send(new SendMessageCommand({ QueueUrl: servers.sqs.queueUrls.inbox, MessageBody }));
  const receive = async (options: { VisibilityTimeout?: number } = {}) => {
    const command = new ReceiveMessageCommand({ QueueUrl: servers.sqs.queueUrls.inbox, ...options });
    return (await servers.clients.sqs.send(command)).Messages?.[0];
  };

  test('SQS stopped refuses connections, and started again has its messages', async () => {
    await send('kept');
    await servers.sqs.stop();
    await expect(send('refused')).rejects.toThrow('ECONNREFUSED');
    await servers.sqs.start();
    expect(await receive()).toMatchObject({ Body: 'kept' });
  });

  test('visibility 0 gives a message back at once', async () => {
    await send('given back');
    const message = await waitFor(() => receive());
    const visibility = { ReceiptHandle: message.ReceiptHandle, VisibilityTimeout: 0 };
    await servers.clients.sqs.send(
      new ChangeMessageVisibilityCommand({ QueueUrl: servers.sqs.queueUrls.inbox, ...visibility }),
    );
    expect((await waitFor(() => receive())).Body).toBe('given back');
  });

  test('a message with a delay can be had at once when its delay is passed by', async () => {
    const { clients, sqs } = servers;
    const delayed = { QueueUrl: sqs.queueUrls.inbox, MessageBody: 'delayed', DelaySeconds: 900 };
    await clients.sqs.send(new SendMessageCommand(delayed));
    expect(await receive()).toBeUndefined();
    sqs.releaseDelayed();
    expect((await waitFor(() => receive())).Body).toBe('delayed');
  });

  test('a message that was received 50 times goes to the dead letters', async () => {
    await send('poison');
    const attributes = { QueueUrl: servers.sqs.queueUrls.deadLetters, AttributeNames: ['All' as const] };
    await waitFor(
      async () => {
        await receive({ VisibilityTimeout: 0 });
        const { Attributes } = await servers.clients.sqs.send(new GetQueueAttributesCommand(attributes));
        return Attributes?.ApproximateNumberOfMessages === '1';
      },
      { what: 'the dead letter' },
    );
  });

  test('DynamoDB stopped refuses connections, and started again has its items', async () => {
    const client = servers.clients.dynamodb;
    const Item = { id: { S: 'kept' } };
    await client.send(new PutItemCommand({ TableName: LOCAL_TABLES.effects, Item }));
    await servers.dynamodb.stop();
    const read = () => client.send(new GetItemCommand({ TableName: LOCAL_TABLES.effects, Key: Item }));
    await expect(read()).rejects.toThrow('ECONNREFUSED');
    await servers.dynamodb.start();
    expect((await read()).Item).toEqual(Item);
  });

  test('DynamoDB survives clients that break off', async () => {
    const { hostname, port } = new URL(servers.dynamodb.endpoint);
    const socket = connect(Number(port), hostname);
    socket.write(
      'POST / HTTP/1.1\r\nhost: x\r\ncontent-type: application/x-amz-json-1.0\r\ncontent-length: 10\r\n\r\n{',
    );
    await new Promise((resolve) => socket.on('connect', resolve));
    socket.resetAndDestroy();
    await createTables(servers.clients.dynamodb);
  });

  test('the listing index holds keys only', async () => {
    const command = new DescribeTableCommand({ TableName: LOCAL_TABLES.ledger });
    const { Table } = await servers.clients.dynamodb.send(command);
    expect(Table?.BillingModeSummary?.BillingMode).toBe('PAY_PER_REQUEST');
    expect(Table?.GlobalSecondaryIndexes?.[0]?.Projection?.ProjectionType).toBe('KEYS_ONLY');
  });

  test('neither can be reached from another machine', async () => {
    const outside = Object.values(networkInterfaces()).flatMap((addresses) =>
      (addresses ?? []).filter(({ internal, family }) => !internal && family === 'IPv4'),
    );
    for (const { address } of outside) {
      for (const endpoint of [servers.sqs.endpoint, servers.dynamodb.endpoint]) {
        expect(await errorOf(address, Number(new URL(endpoint).port))).toBe('ECONNREFUSED');
      }
    }
  });
});

function errorOf(host: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect(port, host);
    socket.on('connect', () => resolve(undefined));
    socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code));
  });
}

test('a later start keeps the messages and brings the attributes up to date', async () => {
  const first = await startServers(laterFolder);
  const QueueUrl = first.sqs.queueUrls.inbox;
  await first.clients.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'from before' }));
  await first.close();
  const sources = { slow: { provider: 'tasks', timeoutSeconds: 180 } };
  await (await startSqs({ sources }, `${laterFolder}/sqs`)).close();
  const second = await startServers(laterFolder);
  const { Attributes } = await second.clients.sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: second.sqs.queueUrls.inbox, AttributeNames: ['All'] }),
  );
  await second.close();
  expect(Attributes).toMatchObject({
    ApproximateNumberOfMessages: '1',
    VisibilityTimeout: '480',
    MaximumMessageSize: '1048576',
    MessageRetentionPeriod: '1209600',
    RedrivePolicy: expect.stringContaining('"maxReceiveCount":50'),
  });
});
