/** What a service refuses to delete: tables and user pools with deletion protection. Only empty ones are unlocked. */
import {
  DescribeTableCommand,
  DynamoDBClient,
  ResourceNotFoundException,
  ScanCommand,
  UpdateTableCommand,
} from '@aws-sdk/client-dynamodb';
import { createCall } from '../functions/aws/aws-json.ts';
import { CliError } from './cli-error.ts';
import type { Leftover } from './failed-stack.ts';
import { explainAws } from './stage-outputs.ts';

export interface Lock {
  /** For people: `table Inlet-prod-LedgerTable-1ABC`. */
  readonly what: string;
  remove(): Promise<void>;
}

/**
 * The locks that are on.
 * @throws CliError when something has been put into a table or a user pool.
 */
export async function findLocks(left: readonly Leftover[], env: NodeJS.ProcessEnv): Promise<Lock[]> {
  const dynamodb = new DynamoDBClient({});
  const finders: Readonly<Record<string, (name: string) => Promise<Lock | undefined>>> = {
    'AWS::DynamoDB::Table': (name) => tableLock(dynamodb, name),
    'AWS::Cognito::UserPool': await userPoolLocks(dynamodb, env),
  };
  const locks: Lock[] = [];
  for (const { type, name } of left) {
    const lock = await finders[type]?.(name);
    if (lock) locks.push(lock);
  }
  return locks;
}

async function tableLock(client: DynamoDBClient, TableName: string): Promise<Lock | undefined> {
  const what = `table ${TableName}`;
  try {
    const { Table } = await client.send(new DescribeTableCommand({ TableName }));
    const { Count = 0 } = await client.send(new ScanCommand({ TableName, Limit: 1, ConsistentRead: true }));
    if (Count > 0) throw filled(what);
    if (!Table?.DeletionProtectionEnabled) return undefined;
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return undefined;
    throw explainAws(error, 'DynamoDB');
  }
  return {
    what,
    remove: async () => {
      await client
        .send(new UpdateTableCommand({ TableName, DeletionProtectionEnabled: false }))
        .catch((error: unknown) => {
          throw explainAws(error, 'DynamoDB');
        });
    },
  };
}

const COGNITO = {
  name: 'cognito-idp',
  title: 'Cognito',
  target: 'AWSCognitoIdentityProviderService',
};

/**
 * `UpdateUserPool` sets what it is not given to defaults, and refuses a second factor without text messages, which this
 * pool has (https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UpdateUserPool.html,
 * https://github.com/hashicorp/terraform-provider-aws/issues/7261). In a pool that nobody is in, and that goes, that
 * changes nothing for anybody: it is only kept closed.
 */
async function userPoolLocks({ config }: DynamoDBClient, env: NodeJS.ProcessEnv) {
  const call = createCall(COGNITO, {
    region: await config.region(),
    credentials: () => config.credentials(),
    endpoint: env.AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER,
  });
  return async (UserPoolId: string): Promise<Lock | undefined> => {
    const what = `user pool ${UserPoolId}`;
    const answer = await call('DescribeUserPool', what, { UserPoolId }, ['ResourceNotFoundException']);
    const pool = (answer?.UserPool ?? {}) as { DeletionProtection?: string; EstimatedNumberOfUsers?: number };
    if ((pool.EstimatedNumberOfUsers ?? 0) > 0) throw filled(what);
    if (pool.DeletionProtection !== 'ACTIVE') return undefined;
    return {
      what,
      remove: async () => {
        const AdminCreateUserConfig = { AllowAdminCreateUserOnly: true };
        await call('UpdateUserPool', what, {
          UserPoolId,
          DeletionProtection: 'INACTIVE',
          AdminCreateUserConfig,
        });
      },
    };
  };
}

function filled(what: string): CliError {
  return new CliError(
    `The ${what} is not empty, although the stack never was complete. Look at what is in it; nothing was changed.`,
    1,
  );
}
