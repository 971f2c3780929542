/** The floor of the worker: gate and settle of every event at once and the archive of the batch, as bare SDK calls. */
import { BatchWriteItemCommand, DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';

const dynamodb = new DynamoDBClient({});

type Update = ConstructorParameters<typeof UpdateItemCommand>[0];

export interface WorkerCalls {
  readonly archive: ConstructorParameters<typeof BatchWriteItemCommand>[0];
  readonly events: readonly { readonly gate: Update; readonly settle: Update }[];
}

async function handler({ archive, events }: WorkerCalls): Promise<{ batchItemFailures: [] }> {
  await dynamodb.send(new BatchWriteItemCommand(archive));
  await Promise.all(
    events.map(async ({ gate, settle }) => {
      await dynamodb.send(new UpdateItemCommand(gate));
      await dynamodb.send(new UpdateItemCommand(settle));
    }),
  );
  return { batchItemFailures: [] };
}

export default () => handler;
