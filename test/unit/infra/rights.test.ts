/** Least rights: what each function may do, exactly, and that it is what its code does. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { bundleFunction } from '../../../infra/bundle.ts';
import defaultConfig from '../../fixtures/inlet.config.ts';
import { at, type StackTemplate, synthesize } from '../../helpers/template.ts';

const folder = mkdtempSync(join(tmpdir(), 'inlet-test-'));
let dev: StackTemplate;
beforeAll(() => {
  dev = synthesize(defaultConfig);
});
afterAll(() => rmSync(folder, { recursive: true }));

interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
}

/** Resource → actions, for the function of a name. Every statement allows; nothing else may be in a policy. */
function rights(name: string, template = dev): Record<string, readonly string[]> {
  const [[, policy] = []] = template.ofType('AWS::IAM::Policy').filter(([id]) => id.includes(`${name}Role`));
  const statements = at(policy, 'Properties.PolicyDocument.Statement') as readonly Statement[];
  expect(new Set(statements.map(({ Effect }) => Effect))).toEqual(new Set(['Allow']));
  const given: Record<string, string[]> = {};
  for (const { Action, Resource } of statements)
    for (const resource of [Resource].flat().map(resourceName))
      given[resource] = [...(given[resource] ?? []), ...[Action].flat()];
  return given;
}

/** `LedgerTable` for its ARN, `BodiesBucket/bodies/*` for objects, the text of other ARNs. */
function resourceName(resource: unknown): string {
  const { 'Fn::GetAtt': attribute, 'Fn::Join': join } = resource as {
    'Fn::GetAtt'?: string[];
    'Fn::Join'?: [string, unknown[]];
  };
  if (attribute) return attribute[0] ?? '';
  if (join) return join[1].map((part) => (typeof part === 'string' ? part : resourceName(part))).join('');
  return String((resource as { Ref?: string }).Ref ?? resource);
}

/** What is given on parameters and secrets, in the order of the policy. */
const secretsIn = (rights: Record<string, readonly string[]>) =>
  Object.entries(rights).filter(([resource]) => /^arn:.*:(?:ssm|secretsmanager):/.test(resource));

/** What every function may do with its log group. */
const WRITES_LOGS = ['logs:CreateLogStream', 'logs:PutLogEvents'];

/** The name of the log group in the rights. */
const logGroupIn = (rights: Record<string, readonly string[]>) =>
  Object.keys(rights).find((resource) => resource.includes('Logs')) ?? 'no log group';

describe('each function may do what it does and nothing else', () => {
  test('ingest', () => {
    const given = rights('Ingest');
    expect(given).toEqual({
      [logGroupIn(given)]: WRITES_LOGS,
      LedgerTable: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
      InboxQueue: ['sqs:SendMessage'],
      'BodiesBucket/bodies/*': ['s3:PutObject'],
      'arn:AWS::Partition:ssm:AWS::Region:AWS::AccountId:parameter/inlet/dev/*': ['ssm:GetParameter'],
    });
  });

  test('ingest may store a key only for a source whose provider hands its key over', () => {
    const given = rights(
      'Ingest',
      synthesize({ sources: { asana: { provider: 'asana' }, tasks: { provider: 'tasks' } } }),
    );
    const parameter = 'arn:AWS::Partition:ssm:AWS::Region:AWS::AccountId:parameter/inlet/dev';
    expect(secretsIn(given)).toEqual([
      [`${parameter}/*`, ['ssm:GetParameter']],
      [`${parameter}/*/window`, ['ssm:PutParameter']],
      [`${parameter}/asana`, ['ssm:PutParameter']],
    ]);
  });

  test('ingest may read and store secrets likewise, with the windows in SSM', () => {
    const config = { sources: { notion: { provider: 'notion' } }, secrets: 'secrets-manager' } as const;
    const secret = 'arn:AWS::Partition:secretsmanager:AWS::Region:AWS::AccountId:secret:inlet/dev';
    const window = 'arn:AWS::Partition:ssm:AWS::Region:AWS::AccountId:parameter/inlet/dev/*/window';
    const write = ['secretsmanager:CreateSecret', 'secretsmanager:PutSecretValue'];
    expect(secretsIn(rights('Ingest', synthesize(config)))).toEqual([
      [`${secret}/*`, ['secretsmanager:GetSecretValue']],
      [window, ['ssm:GetParameter', 'ssm:PutParameter']],
      [`${secret}/notion`, write],
      [`${secret}/notion-??????`, write],
    ]);
  });

  test('ingest reads no secret where public keys prove everything', () => {
    const sources = { fortellis: { provider: 'fortellis', options: { apiKey: 'k' } } };
    expect(secretsIn(rights('Ingest', synthesize({ sources })))).toEqual([]);
  });

  test('worker', () => {
    const given = rights('Worker');
    expect(given).toEqual({
      [logGroupIn(given)]: WRITES_LOGS,
      LedgerTable: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
      SubjectsTable: ['dynamodb:GetItem', 'dynamodb:UpdateItem'],
      ArchiveTable: ['dynamodb:BatchWriteItem', 'dynamodb:UpdateItem'],
      EffectsTable: ['dynamodb:PutItem'],
      InboxQueue: [
        'sqs:ChangeMessageVisibility',
        'sqs:DeleteMessage',
        'sqs:GetQueueAttributes',
        'sqs:ReceiveMessage',
        'sqs:SendMessage',
      ],
      'BodiesBucket/bodies/*': ['s3:GetObject', 's3:PutObject'],
    });
  });

  test('dead letters', () => {
    const given = rights('DeadLetters');
    expect(given).toEqual({
      [logGroupIn(given)]: WRITES_LOGS,
      LedgerTable: ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
      SubjectsTable: ['dynamodb:GetItem'],
      ArchiveTable: ['dynamodb:BatchWriteItem'],
      DeadLetterQueue: ['sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ReceiveMessage'],
      'BodiesBucket/bodies/*': ['s3:GetObject', 's3:PutObject'],
    });
  });

  test('console', () => {
    const given = rights('Console');
    expect(given).toEqual({
      [logGroupIn(given)]: WRITES_LOGS,
      LedgerTable: ['dynamodb:BatchGetItem', 'dynamodb:GetItem', 'dynamodb:Scan', 'dynamodb:UpdateItem'],
      'LedgerTable/index/listing': ['dynamodb:Query'],
      SubjectsTable: ['dynamodb:BatchGetItem', 'dynamodb:GetItem', 'dynamodb:Scan', 'dynamodb:UpdateItem'],
      ArchiveTable: ['dynamodb:BatchGetItem', 'dynamodb:GetItem', 'dynamodb:UpdateItem'],
      EffectsTable: ['dynamodb:GetItem'],
      InboxQueue: ['sqs:GetQueueAttributes', 'sqs:SendMessage'],
      DeadLetterQueue: ['sqs:GetQueueAttributes'],
      'BodiesBucket/bodies/*': ['s3:GetObject', 's3:PutObject'],
    });
  });

  test('no action and no resource is a bare wildcard, and no managed policy is attached', () => {
    for (const name of ['Ingest', 'Worker', 'DeadLetters', 'Console'])
      for (const [resource, actions] of Object.entries(rights(name))) {
        expect(resource).not.toBe('*');
        expect(actions.filter((action) => action.includes('*'))).toEqual([]);
      }
    for (const [, { Properties }] of dev.ofType('AWS::IAM::Role'))
      expect(Properties.ManagedPolicyArns).toBeUndefined();
  });
});

/** What Lambda's poller does in the worker's name; no code of ours does. */
const POLLER = ['sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ReceiveMessage'];

/** What the client of DynamoDB itself carries along. */
const OF_CLIENT = ['dynamodb:DescribeEndpoints'];

/** Methods that the console has with the ledger and the archive and does not call: to claim, and to archive. */
const OF_OTHERS = ['dynamodb:PutItem', 'dynamodb:BatchWriteItem'];

test.each<[string, string, readonly string[], readonly string[]]>([
  ['Ingest', 'ingest', OF_CLIENT, []],
  ['Worker', 'worker', OF_CLIENT, POLLER],
  ['Console', 'console', [...OF_CLIENT, ...OF_OTHERS], []],
])(
  '%s: the DynamoDB and SQS commands in its bundle are the actions that it is given',
  (role, entry, idle, foreign) => {
    const { metafile } = bundleFunction(`functions/${entry}.lambda.ts`, defaultConfig, join(folder, entry));
    const used = Object.values(metafile.outputs).flatMap(({ inputs }) =>
      Object.entries(inputs).flatMap(([path, { bytesInOutput }]) => {
        const [, client, command] =
          /client-(dynamodb|sqs)\/dist-es\/commands\/(\w+)Command\.js$/.exec(path) ?? [];
        return client && bytesInOutput > 0 ? [`${client}:${command}`] : [];
      }),
    );
    const given = Object.values(rights(role)).flat();
    const granted = given.filter((action) => /^(dynamodb|sqs):/.test(action));
    const without = (actions: readonly string[], some: readonly string[]) =>
      [...new Set(actions)].filter((action) => !some.includes(action)).sort();
    expect(without(used, idle)).toEqual(without(granted, foreign));
  },
);
