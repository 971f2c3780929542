import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { createTables, LOCAL_TABLES, startDynamoDB } from '../../../local/dynamodb.ts';

test('closing in the middle of requests whose clients have gone does not end the process', async () => {
  for (let round = 0; round < 5; round++) {
    const server = await startDynamoDB();
    const client = new DynamoDBClient({
      region: 'us-east-1',
      endpoint: server.endpoint,
      maxAttempts: 1,
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    });
    await createTables(client);
    // One key: the stand-in takes them one after the other, so that most still wait when the clients have gone.
    const Item = { id: { S: 'hot' }, filler: { S: 'x'.repeat(50_000) } };
    const put = () => client.send(new PutItemCommand({ TableName: LOCAL_TABLES.ledger, Item }));
    const puts = Array.from({ length: 40 }, () => put().catch(() => undefined));
    await Promise.race(puts);
    client.destroy();
    await server.close();
    await Promise.all(puts);
  }
});
