/** `inlet recover`: a first deployment that has failed is unlocked, and nothing that ever was complete. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { CliError } from '../../../cli/cli-error.ts';
import { recover } from '../../../cli/recover.ts';
import { inlet } from './command.ts';
import { type FailedCloud, startFailedCloud } from './failed-cloud.ts';

let cloud: FailedCloud;
let env: Record<string, string>;
const before = { ...process.env };
beforeEach(async () => {
  cloud = await startFailedCloud();
  env = {
    AWS_ENDPOINT_URL: cloud.endpoint,
    AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER: cloud.endpoint,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
  };
  Object.assign(process.env, env);
});
afterEach(() => {
  process.env = { ...before };
  cloud.close();
});

interface Report {
  readonly unlocked: boolean;
  readonly locks: readonly string[];
  readonly stuck: readonly string[];
  readonly next: readonly string[];
  readonly afterwards: readonly string[];
}

/** In this process, because starting one takes longer. */
async function run(yes: boolean, { human = false } = {}) {
  const lines: string[] = [];
  const output = { human, json: false, width: 200, line: (line: string) => void lines.push(line) };
  const problem = await recover(output, { stage: 'prod', yes }).then(
    () => undefined,
    (error: CliError) => error,
  );
  return { lines, problem, report: () => JSON.parse(lines.join('')) as Report };
}

const LOCKS = [
  'table Inlet-prod-LedgerTable-1',
  'table Inlet-prod-ArchiveTable-1',
  'user pool us-east-1_abc',
  'stack Inlet-prod',
];

describe('a stack that never was complete', () => {
  test('without --yes it says what it would do, and changes nothing', async () => {
    const { code, out } = await inlet(['recover', '--stage', 'prod'], { env });
    expect([code, JSON.parse(out)]).toEqual([
      0,
      expect.objectContaining({ status: 'ROLLBACK_FAILED', unlocked: false, locks: LOCKS }),
    ]);
    expect(cloud.changes).toEqual([]);
    const { lines } = await run(false, { human: true });
    expect(lines.at(-1)).toBe('Nothing was changed: add --yes to do it.');
  });

  test('with --yes it unlocks tables, user pool and, last of all, the stack', async () => {
    const { report } = await run(true);
    expect(report()).toMatchObject({
      unlocked: true,
      locks: LOCKS,
      stuck: [],
      next: ['npx cdk deploy -c stage=prod -c first=true'],
      afterwards: [
        'aws dynamodb delete-table --table-name Inlet-prod-LedgerTable-1',
        'aws dynamodb delete-table --table-name Inlet-prod-ArchiveTable-1',
        'aws cognito-idp delete-user-pool --user-pool-id us-east-1_abc',
      ],
    });
    expect(cloud.changes).toEqual([
      { action: 'UpdateTable', TableName: 'Inlet-prod-LedgerTable-1', DeletionProtectionEnabled: false },
      { action: 'UpdateTable', TableName: 'Inlet-prod-ArchiveTable-1', DeletionProtectionEnabled: false },
      {
        action: 'UpdateUserPool',
        UserPoolId: 'us-east-1_abc',
        DeletionProtection: 'INACTIVE',
        AdminCreateUserConfig: { AllowAdminCreateUserOnly: true },
      },
      'termination protection',
    ]);
    // Once more: there is nothing left to do.
    const again = await run(true, { human: true });
    expect(again.lines).toContain('Nothing of it is locked against deletion.');
    expect(cloud.changes).toHaveLength(4);
  });

  test('everything was rolled back: only the stack is locked', async () => {
    cloud.status = 'ROLLBACK_COMPLETE';
    cloud.tables.clear();
    cloud.pools.clear();
    expect((await run(true)).report()).toMatchObject({ locks: ['stack Inlet-prod'], afterwards: [] });
    expect(cloud.changes).toEqual(['termination protection']);
  });

  test.each(['DELETE_FAILED', 'CREATE_FAILED'])('%s: CDK does not delete it by itself', async (status) => {
    cloud.status = status;
    cloud.history.unshift(status);
    expect((await run(true)).report().next).toEqual([
      'aws cloudformation delete-stack --stack-name Inlet-prod',
      'aws cloudformation wait stack-delete-complete --stack-name Inlet-prod',
      'npx cdk deploy -c stage=prod -c first=true',
    ]);
  });

  test('nothing was rolled back: all that the deletion of the stack keeps is named, locked or not', async () => {
    cloud.status = 'CREATE_FAILED';
    cloud.history = ['CREATE_FAILED', 'CREATE_IN_PROGRESS'];
    for (const table of cloud.tables.values()) table.isProtected = false;
    const inbox = 'https://sqs.us-east-1.amazonaws.com/000000000000/Inlet-prod-InboxQueue-1';
    cloud.made = [
      { type: 'AWS::SQS::Queue', name: inbox },
      { type: 'AWS::S3::Bucket', name: 'inlet-prod-bodies-1' },
      { type: 'AWS::Logs::LogGroup', name: '/aws/vendedlogs/Inlet-prod/1' },
      { type: 'AWS::Lambda::Function', name: 'Inlet-prod-Worker-1' },
    ];
    expect((await run(false)).report().afterwards).toEqual([
      'aws dynamodb delete-table --table-name Inlet-prod-LedgerTable-1',
      'aws dynamodb delete-table --table-name Inlet-prod-ArchiveTable-1',
      'aws cognito-idp delete-user-pool --user-pool-id us-east-1_abc',
      `aws sqs delete-queue --queue-url ${inbox}`,
      'aws s3api delete-bucket --bucket inlet-prod-bodies-1',
      'aws logs delete-log-group --log-group-name /aws/vendedlogs/Inlet-prod/1',
    ]);
    const { lines } = await run(true, { human: true });
    expect(lines).toContain(
      'Of a production stage the deletion of the stack keeps these. When it is through, and if nobody wants them:',
    );
  });

  test('what could not be deleted for another reason is named', async () => {
    cloud.stuck = [{ type: 'AWS::S3::Bucket', name: 'inlet-prod-bodies', reason: 'The bucket is not empty' }];
    expect((await run(true)).report().stuck).toEqual([
      'AWS::S3::Bucket inlet-prod-bodies: The bucket is not empty',
    ]);
  });
});

describe('is refused, and nothing is changed:', () => {
  test.each<[string, (cloud: FailedCloud) => unknown, string]>([
    [
      'a stack that works',
      (it) => Object.assign(it, { status: 'CREATE_COMPLETE' }),
      'Inlet-prod is CREATE_COMPLETE',
    ],
    [
      'one whose update failed',
      (it) => Object.assign(it, { status: 'UPDATE_ROLLBACK_FAILED' }),
      'UPDATE_ROLLBACK_FAILED',
    ],
    [
      'one that is being worked on',
      (it) => Object.assign(it, { status: 'ROLLBACK_IN_PROGRESS' }),
      'wait until that is over',
    ],
    [
      'one that was complete before its deletion failed',
      (it) => {
        it.status = 'DELETE_FAILED';
        it.history = ['DELETE_FAILED', 'DELETE_IN_PROGRESS', 'CREATE_COMPLETE', 'CREATE_IN_PROGRESS'];
      },
      'has been complete (CREATE_COMPLETE)',
    ],
    [
      'one of whose beginning nothing is known',
      (it) => {
        it.status = 'DELETE_FAILED';
        it.history = ['DELETE_FAILED', 'DELETE_IN_PROGRESS'];
      },
      'does not reach back to its creation',
    ],
    [
      'a table with something in it',
      (it) => it.tables.set('Inlet-prod-ArchiveTable-1', { isProtected: true, items: 1 }),
      'table Inlet-prod-ArchiveTable-1 is not empty',
    ],
    [
      'a user pool with people in it',
      (it) => it.pools.set('us-east-1_abc', { isProtected: true, users: 2 }),
      'user pool us-east-1_abc is not empty',
    ],
  ])('%s', async (_, change, message) => {
    change(cloud);
    const { problem } = await run(true);
    expect([problem?.exitCode, problem?.message]).toEqual([1, expect.stringContaining(message)]);
    expect(cloud.changes).toEqual([]);
    expect(cloud.isProtected).toBe(true);
  });

  test('a stack that there is not', async () => {
    const { code, err } = await inlet(['recover', '--stage', 'other', '--yes'], { env });
    expect([code, err]).toEqual([2, expect.stringContaining('There is no stack Inlet-other in us-east-1')]);
  });
});
