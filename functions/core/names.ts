/**
 * Names that the functions, the stack, the local stand-ins and the tests share. A table's keys are declared
 * here once; `infra/` builds real and embedded tables from this and nothing else.
 */

/** Environment variables of the deployed functions. Only `*.lambda.ts` reads them. */
export const Env = {
  ledgerTable: 'LEDGER_TABLE',
  subjectsTable: 'SUBJECTS_TABLE',
  archiveTable: 'ARCHIVE_TABLE',
  effectsTable: 'EFFECTS_TABLE',
  inboxQueueUrl: 'INBOX_QUEUE_URL',
  bodiesBucket: 'BODIES_BUCKET',
  deadLetterQueueUrl: 'DEAD_LETTER_QUEUE_URL',
  /** Path of each source's secrets in SSM or Secrets Manager: `<path>/<source>`. */
  secretsPath: 'SECRETS_PATH',
  /** Only where CloudFront stands in front: what it may say in `FRONT_HEADER`, separated by commas. */
  frontSecrets: 'FRONT_SECRETS',
  /** Who may open the console: a Cognito user pool, its client, and the host of its login page. */
  userPoolId: 'USER_POOL_ID',
  userPoolClientId: 'USER_POOL_CLIENT_ID',
  loginDomain: 'LOGIN_DOMAIN',
  /** File with the console's page. */
  consoleAssets: 'CONSOLE_ASSETS',
} as const;

export interface TableDefinition {
  /** Partition key, always a string. */
  readonly partitionKey: string;
  /** Attribute with an epoch time in seconds after which DynamoDB may delete the item. */
  readonly timeToLive?: string;
  readonly index?: {
    readonly name: string;
    readonly partitionKey: string;
    /** Sort key, always a number. */
    readonly sortKey: string;
  };
}

/** The listing index finds events newest first. It holds keys only, so that a change of state costs nothing. */
export const ListingIndex = { name: 'listing', partitionKey: 'listing', sortKey: 'receivedAt' } as const;

/**
 * One item per delivery or event (ledger), per subject (subjects), per archived event (archive), per recorded
 * effect of a handler (effects).
 */
export const Tables = {
  ledger: { partitionKey: 'id', timeToLive: 'expiresAt', index: ListingIndex },
  subjects: { partitionKey: 'id', timeToLive: 'expiresAt' },
  archive: { partitionKey: 'id', timeToLive: 'expiresAt' },
  effects: { partitionKey: 'id' },
} as const satisfies Record<string, TableDefinition>;

export type TableName = keyof typeof Tables;

/** Names of the deployed tables, by their role. */
export type TableNames = Readonly<Record<TableName, string>>;

/**
 * The listing of one source is spread over this many index partitions, so that one busy source is not held to
 * the 1,000 writes a second of a single partition.
 */
export const LISTING_SHARDS = 4;

/**
 * Receives after which SQS gives a message up to the dead-letter queue. High, because a message also comes back
 * when its subject is held; failures of a handler are counted in the ledger and end much earlier.
 */
export const MAX_RECEIVES = 50;

/** Response headers of the contract. */
export const Header = {
  outcome: 'inlet-outcome',
  delivery: 'inlet-delivery',
  requestId: 'x-request-id',
} as const;

/** Request header by which CloudFront shows ingest that a request came through it. */
export const FRONT_HEADER = 'x-inlet-front';

/** The largest request body that Lambda lets in, 6 MiB (https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html). */
export const MAX_BODY_BYTES = 6 * 1024 * 1024;
