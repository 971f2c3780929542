/**
 * Writes to the embedded servers as fast as they answer and reports every write that was acknowledged, until it
 * is killed. Takes the data folder.
 */
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { ReceiveMessageCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import { LOCAL_TABLES } from '../../../local/dynamodb.ts';
import { startServers } from './servers.ts';

const [folder = ''] = process.argv.slice(2);
const { clients, sqs } = await startServers(folder);
const QueueUrl = sqs.queueUrls.inbox;
const s3 = await clients.s3();
const report = (text: string) => process.stdout.write(`${text}\n`);

await clients.dynamodb.send(
  new PutItemCommand({
    TableName: LOCAL_TABLES.subjects,
    Item: {
      id: { S: 'leased' },
      fence: { N: '7' },
      leaseUntil: { N: '99999999999999' },
      leaseEvent: { S: 'event' },
    },
  }),
);
await clients.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'in flight' }));
await clients.sqs.send(new ReceiveMessageCommand({ QueueUrl }));
report('started');

for (let number = 0; ; number += 1) {
  const [id, receivedAt] = [`item-${number}`, { N: String(number) }];
  await Promise.all([
    clients.dynamodb
      .send(
        new PutItemCommand({
          TableName: LOCAL_TABLES.ledger,
          Item: { id: { S: id }, listing: { S: 'l' }, receivedAt },
        }),
      )
      .then(() => report(`item ${id}`)),
    clients.sqs
      .send(new SendMessageCommand({ QueueUrl, MessageBody: `message-${number}` }))
      .then(() => report(`message message-${number}`)),
    s3
      .send(new PutObjectCommand({ Bucket: sqs.bucket, Key: `object-${number}`, Body: 'body' }))
      .then(() => report(`object object-${number}`)),
  ]);
}
