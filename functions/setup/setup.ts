import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { S3Client } from '@aws-sdk/client-s3';
import type { SQSClient } from '@aws-sdk/client-sqs';
import type { Logger } from '../core/log.ts';
import type { TableNames } from '../core/names.ts';
import type { SecretStore } from '../secrets/secret-store.ts';

import type { Deployment } from './deployment.ts';

/**
 * Everything that differs between Lambda, the local server and a test. `compose*` functions turn it into
 * functions; `*.lambda.ts` and `local` are the only places that build one.
 */
export interface Setup extends Deployment {
  readonly dynamodb: DynamoDBClient;
  readonly sqs: SQSClient;
  /** Loaded on first use: only bodies too large for SQS need it. */
  readonly s3: () => Promise<S3Client>;
  readonly tables: TableNames;
  readonly inboxQueueUrl: string;
  readonly bodiesBucket: string;
  readonly secrets: SecretStore;
  readonly log: Logger;
  /** Epoch milliseconds. */
  readonly now: () => number;
}
