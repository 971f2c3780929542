/** The stand-ins in a process of their own, so that they outlive the one that is killed. Talks to its parent by IPC. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createTables, startDynamoDB } from '../../infra/local/dynamodb.ts';
import { startSqs } from '../../infra/local/sqs.ts';
import { config } from './webhooks.ts';

const dynamodb = await startDynamoDB();
const sqs = await startSqs(config);
const client = new DynamoDBClient({
  region: 'us-east-1',
  endpoint: dynamodb.endpoint,
  credentials: { accessKeyId: 'soak', secretAccessKey: 'soak' },
});
await createTables(client);
client.destroy();

// Compressed time: what would come back after the queue's visibility timeout comes back when the parent says so.
process.on('message', () => sqs.releaseInFlight());
process.on('disconnect', () => process.exit(0));
process.send?.({ dynamodb: dynamodb.endpoint, sqs: sqs.endpoint, queues: sqs.queueUrls, bucket: sqs.bucket });
