/** The baseline's worker: partial batch responses, and the newest revision of each subject in a table. */
import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
import { Logger } from '@aws-lambda-powertools/logger';
import { parse } from '@aws-lambda-powertools/parser';
import { ConditionalCheckFailedException, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { messageEventSchema } from './schema.ts';

const { STATE_TABLE = '' } = process.env;

const logger = new Logger({ serviceName: 'worker' });
const documents = DynamoDBDocumentClient.from(new DynamoDBClient({}));
const processor = new BatchProcessor(EventType.SQS);

async function keepState(record: SQSRecord): Promise<void> {
  const event = parse(JSON.parse(record.body), undefined, messageEventSchema);
  const line = { eventId: event.eventId, type: event.name };
  try {
    await documents.send(
      new PutCommand({
        TableName: STATE_TABLE,
        Item: {
          id: `${event.apiSpaceId}:${event.payload.id}`,
          eventId: event.eventId,
          state: event.name,
          revision: event.revision,
          payload: event,
        },
        ConditionExpression: 'attribute_not_exists(id) OR revision < :revision',
        ExpressionAttributeValues: { ':revision': event.revision },
      }),
    );
    logger.info('applied', line);
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    logger.info('stale', line);
  }
}

async function handler(event: SQSEvent, context: Context): Promise<SQSBatchResponse> {
  logger.addContext(context);
  return processPartialResponse(event, keepState, processor, { context });
}

export default () => handler;
