import { Duration } from 'aws-cdk-lib';
import { AttributeType, BillingMode, ProjectionType, Table } from 'aws-cdk-lib/aws-dynamodb';
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { InletConfig } from '../functions/config/config.ts';
import { retentionSeconds, Sources } from '../functions/config/sources.ts';
import { type TableDefinition, type TableName, Tables } from '../functions/core/names.ts';
import { providers } from '../functions/providers/index.ts';
import type { InletFunction } from './lambda-function.ts';
import { keepId, type Place } from './place.ts';

/** How long a message can wait: the longest that SQS keeps one. */
export const QUEUE_RETENTION = Duration.days(14);

export interface StoreProps {
  readonly config: InletConfig;
  readonly stage: Place;
}

/** The tables, and the bucket for bodies that neither a message nor an item can hold. */
export class Store extends Construct {
  readonly tables: Readonly<Record<TableName, Table>>;
  readonly bodies: Bucket;

  constructor(scope: Construct, id: string, { config, stage }: StoreProps) {
    super(scope, id);
    this.tables = {
      ledger: this.#table('ledger', stage),
      subjects: this.#table('subjects', stage),
      archive: this.#table('archive', stage),
      effects: this.#table('effects', stage),
    };
    this.bodies = this.#bucket(bodyDays(config), stage);
  }

  /** Lets a function use a table, by item operations only: `PutItem`, `GetItem`, … */
  grantTable(fn: InletFunction, name: TableName, ...operations: readonly string[]): void {
    const table = this.tables[name];
    fn.give(
      `${name}Table`,
      table.tableName,
      [table.tableArn],
      operations.map((name) => `dynamodb:${name}`),
    );
  }

  /** Lets a function write, read or do both with bodies that are kept for as long as their events. */
  grantBodies(fn: InletFunction, ...operations: readonly ('GetObject' | 'PutObject')[]): void {
    const actions = operations.map((name) => `s3:${name}`);
    fn.give('bodiesBucket', this.bodies.bucketName, [this.bodies.arnForObjects('bodies/*')], actions);
  }

  #table(name: TableName, stage: Place): Table {
    const definition: TableDefinition = Tables[name];
    const table = new Table(this, name, {
      partitionKey: { name: definition.partitionKey, type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      ...(definition.timeToLive && { timeToLiveAttribute: definition.timeToLive }),
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: stage.locked,
      removalPolicy: stage.removalPolicy,
    });
    if (definition.index) {
      const { name: indexName, partitionKey, sortKey } = definition.index;
      table.addGlobalSecondaryIndex({
        indexName,
        partitionKey: { name: partitionKey, type: AttributeType.STRING },
        sortKey: { name: sortKey, type: AttributeType.NUMBER },
        projectionType: ProjectionType.KEYS_ONLY,
      });
    }
    // Another logical id would be another, empty table.
    keepId(table, stage, `${capitalized(name)}Table`);
    return table;
  }

  #bucket(days: number, stage: Place): Bucket {
    const bucket = new Bucket(this, 'bodies', {
      encryption: BucketEncryption.S3_MANAGED,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: true,
      removalPolicy: stage.removalPolicy,
      lifecycleRules: [
        { id: 'bodies', prefix: 'bodies/', expiration: Duration.days(days) },
        { id: 'unfinished-uploads', abortIncompleteMultipartUploadAfter: Duration.days(1) },
      ],
    });
    keepId(bucket, stage, 'BodiesBucket');
    return bucket;
  }
}

/**
 * Longer than the entry and the archived envelope, whose time begins when the worker takes the message: an event never
 * outlives its body. A redrive stores it anew.
 */
function bodyDays(config: InletConfig): number {
  const entryDays = Math.ceil(retentionSeconds(config, new Sources(config, providers)) / 86_400);
  return entryDays + QUEUE_RETENTION.toDays() + 1;
}

export function capitalized(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}
