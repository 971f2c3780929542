import { DynamoDBClient } from '@aws-sdk/client-dynamodb';

/** A client that reads, and whose writes are all throttled. */
export function refusingWrites(endpoint: string): DynamoDBClient {
  const client = new DynamoDBClient({
    region: 'us-east-1',
    endpoint,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  client.middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        if (commandName !== 'GetItemCommand')
          throw Object.assign(new Error('too many requests'), { name: 'ThrottlingException' });
        return next(args);
      },
    { step: 'initialize' },
  );
  return client;
}
