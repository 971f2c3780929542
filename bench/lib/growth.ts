/** What a webhook costs with more and more entries in the ledger, and what an audit of them costs. */

import { BatchWriteItemCommand } from '@aws-sdk/client-dynamodb';
import { createClients } from '../../functions/aws/clients.ts';
import { composeIngest } from '../../functions/ingest/compose.ts';
import { providers } from '../../functions/providers/index.ts';
import { claimItem } from '../../functions/store/ledger/entry.ts';
import { createTables, LOCAL_TABLES, startDynamoDB } from '../../local/dynamodb.ts';
import { LOCAL_REGION, startSqs } from '../../local/sqs.ts';
import { temporaryFolder } from './bundles.ts';
import { itemBytes, readUnits } from './item-size.ts';
import { Meter } from './meter.ts';
import { prices } from './price.ts';
import { median, rounded, table } from './stats.ts';
import { gatewayEvent, messageEvent, prove, SECRET } from './webhooks.ts';

const WEBHOOKS = 60;
const IN_PARALLEL = 4;
const config = { sources: { dotdigital: { provider: 'dotdigital' } } };

export async function measureGrowth(largest: number): Promise<string> {
  // On disk: a million entries do not fit into the stand-in's memory.
  const dynamodb = await startDynamoDB(temporaryFolder());
  const sqs = await startSqs(config);
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const endpoints = { dynamodb: dynamodb.endpoint, sqs: sqs.endpoint };
  const clients = createClients({ region: LOCAL_REGION, endpoints, credentials });
  const filler = createClients({ region: LOCAL_REGION, endpoints, credentials });
  await createTables(clients.dynamodb);
  const meter = new Meter(clients.dynamodb, clients.sqs, dynamodb.endpoint, prices.sqsChunkBytes);
  const ingest = composeIngest({
    config,
    ...clients,
    packs: providers,
    tables: LOCAL_TABLES,
    inboxQueueUrl: sqs.queueUrls.inbox,
    bodiesBucket: sqs.bucket,
    secrets: { get: async () => [SECRET] },
    log: { log: () => {} },
    now: Date.now,
  });

  let entries = 0;
  let seed = 9_000_000;
  let bytes = 0;
  /** Settled entries as the worker leaves them. */
  const entry = (index: number) => {
    const item = claimItem(
      { source: 'dotdigital', id: `filled-${index}`, kind: 'event', receivedAt: 1_795_000_000_000 + index },
      1_798_000_000,
    );
    const settled = { ...item, state: { S: 'applied' }, type: { S: 'message.sent' }, revision: { N: '0' } };
    const full = { ...settled, subject: { S: `11111111-1111-4111-8111-111111111111:message:${index}` } };
    bytes += itemBytes(full);
    return { PutRequest: { Item: full } };
  };
  const fill = async (until: number) => {
    const lanes = Array.from({ length: IN_PARALLEL }, async () => {
      while (entries < until) {
        const from = entries;
        entries = Math.min(until, entries + 25);
        const requests = Array.from({ length: entries - from }, (_, n) => entry(from + n));
        await filler.dynamodb.send(
          new BatchWriteItemCommand({ RequestItems: { [LOCAL_TABLES.ledger]: requests } }),
        );
      }
    });
    await Promise.all(lanes);
  };

  const rows: (string | number)[][] = [];
  for (let size = 1_000; size <= largest; size *= 10) {
    await fill(size);
    meter.take();
    const times: number[] = [];
    for (let n = 0; n < WEBHOOKS; n++) {
      const event = gatewayEvent(
        await prove({ name: 'dotdigital', provider: 'dotdigital' }, { body: messageEvent(++seed, 2_048) }),
      );
      const before = performance.now();
      await ingest(event);
      times.push(performance.now() - before);
    }
    const used = meter.take();
    const units = [...used.writes.values()].reduce((sum, count) => sum + count, 0) / WEBHOOKS;
    // A scan is billed by what it reads: eventually consistent, half a unit for 4 KB.
    const audit = readUnits(bytes, false) * prices.dynamodbReadUnit;
    const calls = (used.calls.dynamodb + used.calls.sqs) / WEBHOOKS;
    rows.push([
      size,
      rounded(calls, 1),
      rounded(units, 1),
      rounded(median(times), 1),
      `$${rounded(audit, 5)}`,
    ]);
  }
  meter.close();
  for (const client of [clients, filler]) {
    client.dynamodb.destroy();
    client.sqs.destroy();
  }
  await dynamodb.close();
  await sqs.close();
  return table(
    [
      'entries in the ledger',
      'calls a webhook',
      'write units',
      'ms a webhook, in process',
      'reads of one audit',
    ],
    rows,
  );
}
