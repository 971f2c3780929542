/**
 * The baseline: a webhook receiver as an experienced AWS developer would write it today with Powertools. It verifies
 * the signature, parses the body with a schema, and puts the event on SQS once per event id.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import {
  IdempotencyAlreadyInProgressError,
  IdempotencyConfig,
  makeIdempotent,
} from '@aws-lambda-powertools/idempotency';
import { DynamoDBPersistenceLayer } from '@aws-lambda-powertools/idempotency/dynamodb';
import { Logger } from '@aws-lambda-powertools/logger';
import { parse } from '@aws-lambda-powertools/parser';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import { type MessageEvent, messageEventSchema } from './schema.ts';

const { IDEMPOTENCY_TABLE = '', QUEUE_URL = '', WEBHOOK_SECRET = '' } = process.env;

const logger = new Logger({ serviceName: 'ingest' });
const sqs = new SQSClient({});
const persistenceStore = new DynamoDBPersistenceLayer({ tableName: IDEMPOTENCY_TABLE });
const config = new IdempotencyConfig({ eventKeyJmesPath: 'eventId', expiresAfterSeconds: 30 * 86_400 });

const enqueue = makeIdempotent(
  async (event: MessageEvent) => {
    await sqs.send(new SendMessageCommand({ QueueUrl: QUEUE_URL, MessageBody: JSON.stringify(event) }));
    return { eventId: event.eventId };
  },
  { persistenceStore, config },
);

function isGenuine(body: Buffer, signature = ''): boolean {
  const expected = createHmac('sha1', WEBHOOK_SECRET).update(body).digest();
  const given = Buffer.from(signature, 'hex');
  return given.length === expected.length && timingSafeEqual(given, expected);
}

async function handler(
  event: APIGatewayProxyEventV2,
  context: Context,
): Promise<APIGatewayProxyStructuredResultV2> {
  logger.addContext(context);
  config.registerLambdaContext(context);
  const body = Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8');
  if (!isGenuine(body, event.headers['x-comapi-signature'])) {
    logger.warn('rejected');
    return { statusCode: 401 };
  }
  try {
    const message = parse(JSON.parse(body.toString()), undefined, messageEventSchema);
    await enqueue(message);
    logger.info('accepted', { eventId: message.eventId, type: message.name });
    return { statusCode: 202 };
  } catch (error) {
    if (error instanceof IdempotencyAlreadyInProgressError) return { statusCode: 409 };
    logger.error('failed', error as Error);
    return { statusCode: 500 };
  }
}

export default () => handler;
