import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { S3Client } from '@aws-sdk/client-s3';
import type { SQSClient } from '@aws-sdk/client-sqs';
import type { InletConfig } from './config.ts';
import type { Logger } from './log.ts';
import type { TableNames } from './names.ts';

/** Gives the live secrets of a source, the current one first. */
export interface SecretStore {
  /** @throws UnavailableError when they cannot be had in time. */
  get(source: string, signal?: AbortSignal): Promise<readonly string[]>;
  /**
   * Looks again, because a signature did not match: a secret may have been changed a moment ago. Bounded, so that
   * forged requests cannot make it a call each.
   * @returns the secrets when they are others than before.
   */
  refresh?(source: string, signal?: AbortSignal): Promise<readonly string[] | undefined>;
  /**
   * Puts a key that a provider handed over in front of the source's secrets, if the operator has opened a
   * registration window for it; the window is closed first. Default: there are no windows.
   * @throws UnavailableError when it cannot be stored in time.
   */
  learn?(source: string, secret: string, signal?: AbortSignal): Promise<'learnt' | 'known' | 'closed'>;
}

/**
 * Everything that differs between Lambda, the local server and a test. `compose*` functions turn it into the
 * handlers; `*.lambda.ts` and `infra/local` are the only places that build one.
 */
export interface Setup {
  readonly config: InletConfig;
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
