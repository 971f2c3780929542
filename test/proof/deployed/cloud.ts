/** Creates what the template declares (tables, queues, bucket, user pool) on stand-ins, with its own properties. */
import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DescribeTableCommand,
  DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { startFauxqs } from 'fauxqs';
import { TEST_CREDENTIALS } from '../../helpers/sigv4.ts';
import { startSsm } from '../../helpers/ssm-server.ts';
import type { Resource, StackTemplate } from '../../helpers/template.ts';
import { dynalite } from '../engines/engine.ts';
import type { StandIns } from './door.ts';
import { ACCOUNT, type Created, REGION, type Resolve, resolver } from './intrinsics.ts';
import { createUserPool } from './user-pool.ts';

export interface Cloud {
  readonly standIns: StandIns;
  readonly created: ReadonlyMap<string, Created>;
  readonly resolve: Resolve;
  readonly dynamodb: DynamoDBClient;
  readonly sqs: SQSClient;
  readonly s3: S3Client;
  close(): Promise<void>;
}

/**
 * @param parameters SSM parameters by name: on AWS the operator sets them, before or after the deployment.
 * @param startTables starts the DynamoDB that holds the tables.
 */
export async function createCloud(
  template: StackTemplate,
  parameters: Readonly<Record<string, string>>,
  startTables = dynalite.start,
): Promise<Cloud> {
  const [tables, ssm] = await Promise.all([startTables(), startSsm(parameters)]);
  const fauxqs = await startFauxqs({ port: 0, logger: false, defaultRegion: REGION, host: '127.0.0.1' });
  const created = new Map<string, Created>();
  const resolve = resolver(created);
  const standIns = {
    dynamodb: tables.endpoint,
    sqs: `http://127.0.0.1:${fauxqs.port}`,
    ssm: ssm.endpoint,
    userPool: createUserPool(template, created, resolve),
  };
  const common = { region: REGION, credentials: TEST_CREDENTIALS };
  const dynamodb = new DynamoDBClient({ ...common, endpoint: standIns.dynamodb });

  for (const [id, { Properties }] of template.ofType('AWS::DynamoDB::Table')) {
    const name = `inlet-${id}`;
    await createTable(dynamodb, name, Properties);
    created.set(id, { ref: name, attributes: { Arn: arn('dynamodb', `table/${name}`) } });
  }
  // The dead-letter queue first: the other one refers to it.
  const queues = [...template.ofType('AWS::SQS::Queue')].sort(
    ([, a], [, b]) => Number('RedrivePolicy' in a.Properties) - Number('RedrivePolicy' in b.Properties),
  );
  for (const [id, { Properties }] of queues) {
    fauxqs.createQueue(id, { region: REGION, attributes: queueAttributes(Properties, resolve) });
    created.set(id, { ref: queueUrl(standIns.sqs, id), attributes: { Arn: arn('sqs', id), QueueName: id } });
  }
  for (const [id] of template.ofType('AWS::S3::Bucket')) {
    const name = id.toLowerCase();
    fauxqs.createBucket(name);
    created.set(id, { ref: name, attributes: { Arn: `arn:aws:s3:::${name}` } });
  }
  for (const [id] of template.ofType('AWS::Logs::LogGroup'))
    created.set(id, { ref: id, attributes: { Arn: `${arn('logs', `log-group:${id}`)}:*` } });
  for (const [id] of template.ofType('AWS::ApiGatewayV2::Api'))
    created.set(id, { ref: 'api', attributes: { ApiEndpoint: `https://api.execute-api.${REGION}.aws` } });
  for (const [id] of template.ofType('AWS::Lambda::Function'))
    created.set(id, { ref: id, attributes: { Arn: arn('lambda', `function:${id}`) } });
  for (const [id] of template.ofType('AWS::ApiGatewayV2::Integration'))
    created.set(id, { ref: id, attributes: {} });

  return {
    standIns,
    created,
    resolve,
    dynamodb,
    sqs: new SQSClient({ ...common, endpoint: standIns.sqs }),
    s3: new S3Client({ ...common, endpoint: standIns.sqs, forcePathStyle: true }),
    close: async () => {
      dynamodb.destroy();
      standIns.userPool.close();
      await Promise.all([tables.close(), ssm.close(), fauxqs.stop()]);
    },
  };
}

export function queueUrl(origin: string, name: string): string {
  return `${origin}/${ACCOUNT}/${name}`;
}

function arn(service: string, resource: string): string {
  return `arn:aws:${service}:${REGION}:${ACCOUNT}:${resource}`;
}

async function createTable(client: DynamoDBClient, name: string, properties: Resource['Properties']) {
  const { KeySchema, AttributeDefinitions, BillingMode, GlobalSecondaryIndexes } = properties;
  const input = { TableName: name, KeySchema, AttributeDefinitions, BillingMode, GlobalSecondaryIndexes };
  await client.send(new CreateTableCommand(input as CreateTableCommandInput));
  for (let asked = 0; asked < 100; asked++) {
    const { Table } = await client.send(new DescribeTableCommand({ TableName: name }));
    if (Table?.TableStatus === 'ACTIVE') return;
  }
  throw new Error(`${name} does not become active`);
}

/** Attributes of SQS's API have the names that the template uses, and are all text. */
function queueAttributes(properties: Resource['Properties'], resolve: Resolve): Record<string, string> {
  const names = ['MaximumMessageSize', 'MessageRetentionPeriod', 'VisibilityTimeout', 'RedrivePolicy'];
  return Object.fromEntries(
    names
      .filter((name) => name in properties)
      .map((name) => {
        const value = resolve(properties[name]);
        return [name, typeof value === 'object' ? JSON.stringify(value) : String(value)];
      }),
  );
}
