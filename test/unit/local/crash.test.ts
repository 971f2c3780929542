import { type DynamoDBClient, GetItemCommand, paginateQuery, paginateScan } from '@aws-sdk/client-dynamodb';
import { HeadObjectCommand } from '@aws-sdk/client-s3';
import { DeleteMessageCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { ListingIndex } from '../../../functions/core/names.ts';
import { LOCAL_TABLES } from '../../../local/dynamodb.ts';
import { dropLeases } from '../../../local/recover.ts';
import { waitFor } from '../../helpers/wait-for.ts';
import { runFile } from './child.ts';
import { startServers } from './servers.ts';
import { temporaryFolder } from './temporary-folder.ts';

const ROUNDS = 150;

/** Kills the writer in full flight and opens its data again. */
async function crash() {
  const folder = temporaryFolder();
  const writer = runFile('test/unit/local/crashing-writer.ts', [folder]);
  await waitFor(() => writer.output.stdout.includes(`item item-${ROUNDS}`), { deadlineMs: 25_000 });
  writer.process.kill('SIGKILL');
  await writer.ended;
  const acknowledged = (kind: string) =>
    [...writer.output.stdout.matchAll(new RegExp(`^${kind} (.+)$`, 'gm'))].map(([, id = '']) => id);
  return { acknowledged, servers: await startServers(folder) };
}

const { acknowledged, servers } = await crash();
const { clients, sqs } = servers;
afterAll(() => servers.close());

async function ledgerIds(client: DynamoDBClient): Promise<Set<string | undefined>> {
  const ids = new Set<string | undefined>();
  for await (const page of paginateScan({ client }, { TableName: LOCAL_TABLES.ledger })) {
    for (const item of page.Items ?? []) ids.add(item.id?.S);
  }
  return ids;
}

test('kill -9 loses no item that was acknowledged, nor its place in the listing', async () => {
  const ids = await ledgerIds(clients.dynamodb);
  expect(acknowledged('item').length).toBeGreaterThanOrEqual(ROUNDS);
  expect(acknowledged('item').filter((id) => !ids.has(id))).toEqual([]);
  const listed = new Set<string | undefined>();
  const query = {
    TableName: LOCAL_TABLES.ledger,
    IndexName: ListingIndex.name,
    KeyConditionExpression: 'listing = :listing',
    ExpressionAttributeValues: { ':listing': { S: 'l' } },
  };
  for await (const page of paginateQuery({ client: clients.dynamodb }, query)) {
    for (const item of page.Items ?? []) listed.add(item.id?.S);
  }
  expect(acknowledged('item').filter((id) => !listed.has(id))).toEqual([]);
});

test('kill -9 loses no message, and what was in flight is visible again at once', async () => {
  sqs.releaseInFlight();
  const wanted = new Set(['in flight', ...acknowledged('message')]);
  const QueueUrl = sqs.queueUrls.inbox;
  const counts = new Map<string, string | undefined>();
  await waitFor(
    async () => {
      const command = new ReceiveMessageCommand({
        QueueUrl,
        MaxNumberOfMessages: 10,
        MessageSystemAttributeNames: ['All'],
      });
      for (const { Body = '', ReceiptHandle, Attributes } of (await clients.sqs.send(command)).Messages ??
        []) {
        counts.set(Body, Attributes?.ApproximateReceiveCount);
        wanted.delete(Body);
        await clients.sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
      }
      return wanted.size === 0;
    },
    { what: 'every acknowledged message' },
  );
  expect(counts.get('in flight')).toBe('2');
});

test('kill -9 loses no object', async () => {
  const s3 = await clients.s3();
  for (const Key of acknowledged('object')) {
    const { ContentLength } = await s3.send(new HeadObjectCommand({ Bucket: sqs.bucket, Key }));
    expect(ContentLength).toBe(4);
  }
});

test('leases of the dead process are dropped, its fencing numbers stay', async () => {
  await dropLeases(clients.dynamodb, LOCAL_TABLES.subjects);
  const command = new GetItemCommand({ TableName: LOCAL_TABLES.subjects, Key: { id: { S: 'leased' } } });
  expect((await clients.dynamodb.send(command)).Item).toEqual({ id: { S: 'leased' }, fence: { N: '7' } });
});
