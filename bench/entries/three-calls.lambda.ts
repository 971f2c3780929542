/** The floor of the accept path: its three SDK calls with the same contents, and nothing around them. */
import { DynamoDBClient, PutItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';

const dynamodb = new DynamoDBClient({});
const sqs = new SQSClient({});
const { INBOX_QUEUE_URL: QueueUrl } = process.env;

export interface ThreeCalls {
  readonly put: ConstructorParameters<typeof PutItemCommand>[0];
  readonly message: string;
  readonly update: ConstructorParameters<typeof UpdateItemCommand>[0];
}

async function handler({ put, message, update }: ThreeCalls): Promise<{ statusCode: number }> {
  await dynamodb.send(new PutItemCommand(put));
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: message }));
  await dynamodb.send(new UpdateItemCommand(update));
  return { statusCode: 202 };
}

export default () => handler;
