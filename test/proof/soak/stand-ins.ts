/**
 * The stand-ins in a process of their own, so that they outlive the functions' and can be killed by themselves; what they
 * know is on disk. Talks to its parent by IPC.
 */
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createTables, startDynamoDB } from '../../../local/dynamodb.ts';
import { startSqs } from '../../../local/sqs.ts';
import { CLIENT, SOURCES } from './config.ts';

const { FOLDER = '' } = process.env;
const dynamodb = await startDynamoDB(join(FOLDER, 'dynamodb'));
const sqs = await startSqs({ sources: SOURCES }, join(FOLDER, 'sqs'));
const client = new DynamoDBClient({ ...CLIENT, endpoint: dynamodb.endpoint });
await createTables(client);
client.destroy();

// Compressed time: what would come back after a visibility timeout or a delay comes back when the parent says so.
process.on('message', () => {
  sqs.releaseInFlight();
  sqs.releaseDelayed();
});
process.on('disconnect', () => process.exit(0));
process.send?.({
  dynamodb: dynamodb.endpoint,
  sqs: sqs.endpoint,
  queues: sqs.queueUrls,
  bucket: sqs.bucket,
});
