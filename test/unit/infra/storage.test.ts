/** Queues, tables and the bucket of the template: what holds events. */
import { beforeAll, describe, expect, test } from '@jest/globals';
import type { InletConfig } from '../../../functions/config/config.ts';
import { MAX_RECEIVES, Tables } from '../../../functions/core/names.ts';
import defaultConfig from '../../fixtures/inlet.config.ts';
import { at, type StackTemplate, synthesize } from '../../helpers/template.ts';
import { arnOf, get, only, properties } from './resources.ts';

let dev: StackTemplate;
beforeAll(() => {
  dev = synthesize(defaultConfig);
});

const deniesPlainHttp = [
  expect.objectContaining({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
];

describe('queues', () => {
  test.each(['InboxQueue', 'DeadLetterQueue'])(
    '%s takes 1 MiB, keeps 14 days, is encrypted and wants TLS',
    (id) => {
      expect(get(dev, id)).toMatchObject({
        MaximumMessageSize: 1_048_576,
        MessageRetentionPeriod: 14 * 24 * 3600,
        SqsManagedSseEnabled: true,
      });
      const policy = properties(dev, 'AWS::SQS::QueuePolicy').filter((it) => at(it, 'Queues.0.Ref') === id);
      expect(policy.map((it) => at(it, 'PolicyDocument.Statement'))).toEqual([deniesPlainHttp]);
    },
  );

  test('give a message up to the dead-letter queue after as many receives as the worker counts on', () => {
    expect(get(dev, 'InboxQueue').RedrivePolicy).toEqual({
      deadLetterTargetArn: arnOf('DeadLetterQueue'),
      maxReceiveCount: MAX_RECEIVES,
    });
    expect(get(dev, 'DeadLetterQueue').RedrivePolicy).toBeUndefined();
  });
});

describe('tables', () => {
  test.each(Object.entries(Tables))(
    '%s is what the functions think it is, on demand and recoverable',
    (name, table) => {
      const Properties = get(dev, `${name.charAt(0).toUpperCase()}${name.slice(1)}Table`);
      expect(Properties).toMatchObject({
        BillingMode: 'PAY_PER_REQUEST',
        KeySchema: [{ AttributeName: table.partitionKey, KeyType: 'HASH' }],
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      });
      expect(Properties.TimeToLiveSpecification).toEqual(
        'timeToLive' in table ? { AttributeName: table.timeToLive, Enabled: true } : undefined,
      );
      expect(Properties.GlobalSecondaryIndexes).toEqual(
        'index' in table
          ? [
              {
                IndexName: table.index.name,
                KeySchema: [
                  { AttributeName: table.index.partitionKey, KeyType: 'HASH' },
                  { AttributeName: table.index.sortKey, KeyType: 'RANGE' },
                ],
                Projection: { ProjectionType: 'KEYS_ONLY' },
              },
            ]
          : undefined,
      );
    },
  );
});

test('the bucket is private, encrypted, wants TLS, and forgets bodies after their events', () => {
  const bucket = get(dev, 'BodiesBucket');
  expect(Object.values(bucket.PublicAccessBlockConfiguration as object)).toEqual([true, true, true, true]);
  expect(at(bucket, 'BucketEncryption.ServerSideEncryptionConfiguration')).toHaveLength(1);
  expect(bucket.LifecycleConfiguration).toEqual({
    Rules: [
      { Id: 'bodies', Prefix: 'bodies/', Status: 'Enabled', ExpirationInDays: 45 },
      expect.objectContaining({ AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 } }),
    ],
  });
  expect(at(only(dev, 'AWS::S3::BucketPolicy'), 'PolicyDocument.Statement')).toEqual(deniesPlainHttp);
});

test('a body outlives its event and the longest wait on the queue, however short the retention', () => {
  const days = (config: InletConfig) =>
    at(get(synthesize(config), 'BodiesBucket'), 'LifecycleConfiguration.Rules.0.ExpirationInDays');
  const tasks = { provider: 'tasks' };
  expect(days({ retentionDays: 15, sources: { tasks } })).toBe(30);
  expect(days({ retentionDays: 400, sources: { tasks } })).toBe(415);
});
