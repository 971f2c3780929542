import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  paginateScan,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { Tables } from '../functions/core/names.ts';
import { LEASE } from '../functions/store/lease.ts';

/**
 * Drops the leases that a dead process left on subjects or entries, so that their events need not wait until the leases
 * run out. Safe here, because the lock of the data folder proves that no other worker is alive. On AWS nobody
 * can know that: there a lease always ends by time. The fencing number stays, so even a handler that survived
 * its process could not commit.
 */
export async function dropLeases(client: DynamoDBClient, table: string): Promise<void> {
  const key = Tables.subjects.partitionKey;
  const pages = paginateScan(
    { client },
    {
      TableName: table,
      ConsistentRead: true,
      FilterExpression: 'attribute_exists(leaseUntil)',
      ProjectionExpression: '#key',
      ExpressionAttributeNames: { '#key': key },
    },
  );
  for await (const page of pages) {
    for (const item of page.Items ?? []) {
      await client
        .send(
          new UpdateItemCommand({
            TableName: table,
            Key: item,
            UpdateExpression: `REMOVE ${LEASE.join(', ')}`,
            ConditionExpression: 'attribute_exists(#key)',
            ExpressionAttributeNames: { '#key': key },
          }),
        )
        .catch((error: unknown) => {
          if (!(error instanceof ConditionalCheckFailedException)) throw error;
        });
    }
  }
}
