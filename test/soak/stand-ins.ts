/**
 * The stand-ins in a process of their own, so that they outlive the one that is killed, and a witness of what is applied.
 * Talks to its parent by IPC.
 */
import { appendFileSync } from 'node:fs';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createTables, startDynamoDB } from '../../infra/local/dynamodb.ts';
import { startSqs } from '../../infra/local/sqs.ts';
import { config } from './webhooks.ts';
import { startWitness } from './witness.ts';

const dynamodb = await startDynamoDB();
const sqs = await startSqs(config);
const client = new DynamoDBClient({
  region: 'us-east-1',
  endpoint: dynamodb.endpoint,
  credentials: { accessKeyId: 'soak', secretAccessKey: 'soak' },
});
await createTables(client);
client.destroy();
const { APPLIED_FILE = '' } = process.env;
const witness = await startWitness(dynamodb.endpoint, (id) => appendFileSync(APPLIED_FILE, `${id}\n`));

// Compressed time: what would come back after the queue's visibility timeout comes back when the parent says so.
process.on('message', () => sqs.releaseInFlight());
process.on('disconnect', () => process.exit(0));
process.send?.({
  dynamodb: witness,
  tables: dynamodb.endpoint,
  sqs: sqs.endpoint,
  queues: sqs.queueUrls,
  bucket: sqs.bucket,
});
