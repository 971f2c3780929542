import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { FreshConnections } from './connections.ts';

export interface ClientOptions {
  readonly region: string;
  /** Where the embedded stand-ins listen. Default: AWS. */
  readonly endpoints?: { readonly dynamodb?: string; readonly sqs?: string; readonly s3?: string };
  /** Default: what the environment gives, as in Lambda. */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
  /** How often a call is tried. Default: twice, which is all that ingest has time for. */
  readonly attempts?: number | undefined;
}

/**
 * Attempts of those who read whole tables, where one throttled page of many would end the rest. The SDK pauses between
 * them, after a throttle for 250 ms on average, twice as long each time
 * (https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html).
 */
export const ATTEMPTS = {
  /** A call ends within 12 s, and the console's answer has 29 s. */
  console: 4,
  /** About half a minute of pauses: nobody waits behind the command line but its user. */
  commandLine: 8,
} as const;

export interface Clients {
  readonly dynamodb: DynamoDBClient;
  readonly sqs: SQSClient;
  /** Loaded on first use: only bodies too large for SQS need it, and a cold start should not pay for it. */
  readonly s3: () => Promise<S3Client>;
}

/**
 * SDK clients whose calls end in time: an attempt lasts at most 2 s (1 s to connect), and there are two unless the
 * caller has more time. A call is never left hanging, so that ingest can still answer 503 before the provider gives up.
 */
export function createClients({ region, endpoints = {}, credentials, attempts = 2 }: ClientOptions): Clients {
  const common = () => ({
    region,
    maxAttempts: attempts,
    retryMode: 'standard',
    // One for each client, because a client that is destroyed ends its connections.
    requestHandler: new FreshConnections({ connectionTimeout: 1000, requestTimeout: 2000 }),
    ...(credentials && { credentials }),
  });
  let s3: Promise<S3Client> | undefined;
  return {
    dynamodb: new DynamoDBClient({ ...common(), ...at(endpoints.dynamodb) }),
    sqs: new SQSClient({ ...common(), ...at(endpoints.sqs) }),
    s3: () => {
      s3 ??= import('./s3.ts').then(
        // A bucket as a host name resolves on AWS only.
        ({ S3Client }) =>
          new S3Client({ ...common(), ...at(endpoints.s3), forcePathStyle: Boolean(endpoints.s3) }),
      );
      return s3;
    },
  };
}

function at(endpoint: string | undefined): { endpoint?: string } {
  return endpoint ? { endpoint } : {};
}
