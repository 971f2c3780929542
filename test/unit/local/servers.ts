import { join } from 'node:path';
import { createClients } from '../../../functions/aws/clients.ts';
import { createTables, startDynamoDB } from '../../../local/dynamodb.ts';
import { startSqs } from '../../../local/sqs.ts';

/** Both embedded servers with clients for them. @param folder of their data; undefined for memory. */
export async function startServers(folder?: string) {
  const sqs = await startSqs({ sources: {} }, folder && join(folder, 'sqs'));
  const dynamodb = await startDynamoDB(folder && join(folder, 'dynamodb'));
  const clients = createClients({
    region: 'us-east-1',
    endpoints: { dynamodb: dynamodb.endpoint, sqs: sqs.endpoint, s3: sqs.endpoint },
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  await createTables(clients.dynamodb);
  const close = async () => {
    clients.dynamodb.destroy();
    clients.sqs.destroy();
    (await clients.s3()).destroy();
    await Promise.all([sqs.close(), dynamodb.close()]);
  };
  return { sqs, dynamodb, clients, close };
}
