/** What the synthesized template says, where a mistake would lose events, money or secrets. */
import { beforeAll, describe, expect, test } from '@jest/globals';
import { type InletConfig, workerTimes } from '../../../functions/config/config.ts';
import { Env } from '../../../functions/core/names.ts';
import defaultConfig from '../../fixtures/inlet.config.ts';
import { at, type StackTemplate, synthesize } from '../../helpers/template.ts';
import { roleOf } from '../../proof/deployed/deployment.ts';
import { arnOf, get, only, properties } from './resources.ts';

let dev: StackTemplate;
beforeAll(() => {
  dev = synthesize(defaultConfig);
});

/** The properties of a function by its name: `Ingest`, `Worker`, `DeadLetters`. */
const fn = (name: string, template = dev) => {
  const [[, resource] = []] = template
    .ofType('AWS::Lambda::Function')
    .filter(([id]) => new RegExp(`^(Delivery|Ingress)${name}[0-9A-F]{8}$`).test(id));
  return resource?.Properties;
};
const FUNCTIONS = ['Ingest', 'Worker', 'DeadLetters'];

test('stateful resources keep their logical ids: a change would replace them', () => {
  const stateful = [
    'AWS::DynamoDB::Table',
    'AWS::SQS::Queue',
    'AWS::S3::Bucket',
    'AWS::ApiGatewayV2::Api',
    'AWS::SNS::Topic',
    'AWS::Cognito::UserPool',
  ];
  const ids = stateful.flatMap((type) => dev.ofType(type).map(([id]) => id));
  expect(ids.sort()).toEqual([
    'AlarmTopic',
    'ArchiveTable',
    'BodiesBucket',
    'DeadLetterQueue',
    'EffectsTable',
    'HttpApi',
    'InboxQueue',
    'LedgerTable',
    'SubjectsTable',
    'UserPool',
  ]);
});

test('a function URL keeps its logical id and that of its function: another URL is registered nowhere', () => {
  const template = synthesize({ sources: {}, ingress: { via: 'function-url' } });
  const [[id, url] = []] = template.ofType('AWS::Lambda::Url');
  expect(id).toBe('IngressIngestFunctionUrl93237EC9');
  expect(url?.Properties.TargetFunctionArn).toEqual(arnOf('IngressIngest7B7ABFD5'));
  // A stage that changes over has the function already.
  expect(dev.resources).toHaveProperty('IngressIngest7B7ABFD5');
});

test('nothing runs in the account but Inlet’s own functions: no custom resource, no function of CDK', () => {
  expect(Object.values(dev.resources).filter(({ Type }) => !Type.startsWith('AWS::'))).toEqual([]);
  expect(dev.ofType('AWS::CloudFormation::CustomResource')).toEqual([]);
  const functions = dev.ofType('AWS::Lambda::Function').map(([id]) => roleOf(id));
  expect(functions.sort()).toEqual(['Console', 'DeadLetters', 'Ingest', 'Worker']);
});

describe('functions', () => {
  test('run on arm64 and Node 24, log JSON to a group with retention', () => {
    for (const name of FUNCTIONS) {
      expect(fn(name)).toMatchObject({
        Runtime: 'nodejs24.x',
        Architectures: ['arm64'],
        Handler: 'index.handler',
      });
      expect(at(fn(name), 'LoggingConfig.LogFormat')).toBe('JSON');
      expect(get(dev, String(at(fn(name), 'LoggingConfig.LogGroup.Ref'))).RetentionInDays).toBe(30);
    }
  });

  test('are given exactly the variables that they read', () => {
    const variables = (name: string) => Object.keys(at(fn(name), 'Environment.Variables') as object).sort();
    expect(variables('Ingest')).toEqual(
      [Env.bodiesBucket, Env.inboxQueueUrl, Env.ledgerTable, Env.secretsPath].sort(),
    );
    expect(variables('DeadLetters')).toEqual(
      [Env.archiveTable, Env.bodiesBucket, Env.ledgerTable, Env.subjectsTable].sort(),
    );
    expect(at(fn('Worker'), 'Environment.Variables')).toEqual({
      [Env.ledgerTable]: { Ref: 'LedgerTable' },
      [Env.subjectsTable]: { Ref: 'SubjectsTable' },
      [Env.archiveTable]: { Ref: 'ArchiveTable' },
      [Env.effectsTable]: { Ref: 'EffectsTable' },
      [Env.inboxQueueUrl]: { Ref: 'InboxQueue' },
      [Env.bodiesBucket]: { Ref: 'BodiesBucket' },
    });
  });

  test('end in the order handler < function < lease < visibility, for every length of handler', () => {
    const slow: InletConfig = { sources: { tasks: { provider: 'tasks', timeoutSeconds: 850 } } };
    for (const [config, template] of [
      [defaultConfig, dev],
      [slow, synthesize(slow)],
    ] as const) {
      const { functionTimeout, lease } = workerTimes(config);
      const visibility = Number(get(template, 'InboxQueue').VisibilityTimeout);
      const timeouts = FUNCTIONS.map((name) => Number(fn(name, template)?.Timeout));
      expect(timeouts.sort((a, b) => a - b)).toEqual([10, functionTimeout, functionTimeout]);
      expect(functionTimeout).toBeLessThanOrEqual(900);
      expect(lease).toBeLessThan(visibility);
      expect(visibility).toBeGreaterThanOrEqual(6 * functionTimeout);
      expect(get(template, 'DeadLetterQueue').VisibilityTimeout).toBe(visibility);
    }
  });

  test('take batches of ten from their queue, report each failure, and leave concurrency to ingest', () => {
    const sources = properties(dev, 'AWS::Lambda::EventSourceMapping');
    expect(sources.map(({ EventSourceArn }) => EventSourceArn)).toEqual([
      arnOf('InboxQueue'),
      arnOf('DeadLetterQueue'),
    ]);
    for (const source of sources) {
      expect(source).toMatchObject({ BatchSize: 10, FunctionResponseTypes: ['ReportBatchItemFailures'] });
    }
    const most = (of: StackTemplate) =>
      properties(of, 'AWS::Lambda::EventSourceMapping').map((it) =>
        at(it, 'ScalingConfig.MaximumConcurrency'),
      );
    // Three of the ten that a new account may have are left to ingest and the console.
    expect(most(dev)).toEqual([5, 2]);
    expect(most(synthesize({ sources: {}, workerConcurrency: 40 }, 'dev'))).toEqual([40, 2]);
  });
});

test('Lambda does not take the copies of an event that fails for an endless loop', () => {
  expect(fn('Worker')?.RecursiveLoop).toBe('Allow');
  for (const name of ['Ingest', 'DeadLetters']) expect(fn(name)?.RecursiveLoop).toBeUndefined();
});

describe('the HTTP API', () => {
  test('leads every route to ingest, with a log line for each request and a throttle', () => {
    const routes = properties(dev, 'AWS::ApiGatewayV2::Route').map(({ RouteKey }) => RouteKey);
    // The console's routes are test/unit/console/deployed.test.ts's.
    expect(routes.filter((key) => !/console|api/.test(String(key))).sort()).toEqual([
      '$default',
      'ANY /webhooks/{proxy+}',
      'GET /health',
    ]);
    const integrations = properties(dev, 'AWS::ApiGatewayV2::Integration');
    for (const { PayloadFormatVersion } of integrations) expect(PayloadFormatVersion).toBe('2.0');
    expect(
      integrations.filter((it) => /^IngressIngest/.test(String(at(it, 'IntegrationUri.Fn::GetAtt.0')))),
    ).toHaveLength(1);
    const stage = only(dev, 'AWS::ApiGatewayV2::Stage');
    expect(stage).toMatchObject({ StageName: '$default', AutoDeploy: true });
    expect(at(stage, 'DefaultRouteSettings.ThrottlingRateLimit')).toBeGreaterThan(0);
    const format: unknown = JSON.parse(String(at(stage, 'AccessLogSettings.Format')));
    expect(format).toHaveProperty('requestId');
    expect(JSON.stringify(format)).not.toMatch(/authorization|header|query/i);
    const logs = String(at(stage, 'AccessLogSettings.DestinationArn.Fn::GetAtt.0'));
    expect(get(dev, logs).RetentionInDays).toBe(30);
  });

  test('logs under the prefix that needs no policy, by a name that no other stack has had', () => {
    const logs = String(
      at(only(dev, 'AWS::ApiGatewayV2::Stage'), 'AccessLogSettings.DestinationArn.Fn::GetAtt.0'),
    );
    const idOfStack = { 'Fn::Select': [2, { 'Fn::Split': ['/', { Ref: 'AWS::StackId' }] }] };
    expect(get(dev, logs).LogGroupName).toEqual({
      'Fn::Join': ['', ['/aws/vendedlogs/Inlet-dev/', idOfStack]],
    });
    expect(dev.outputs.AccessLogs?.Value).toEqual({ Ref: logs });
  });

  test('may call ingest for each of its routes', () => {
    const arns = properties(dev, 'AWS::Lambda::Permission')
      .filter((permission) => /^IngressIngest/.test(String(at(permission, 'FunctionName.Fn::GetAtt.0'))))
      .map((permission) => (at(permission, 'SourceArn.Fn::Join.1') as unknown[]).at(-1));
    // The default route calls with `<api>/$default/$default`: one level less than the others.
    expect(arns.sort()).toEqual(['/*/*', '/*/*/health', '/*/*/webhooks/{proxy+}']);
  });
});

describe('outputs', () => {
  test('name the webhook URL of every source', () => {
    for (const source of Object.keys(defaultConfig.sources)) {
      const urls = Object.values(dev.outputs).map(({ Value }) => JSON.stringify(Value));
      expect(urls.filter((url) => url.includes(`/webhooks/${source}"`))).toHaveLength(1);
    }
  });

  test('use the public origin where there is one, and keep similar names apart', () => {
    const template = synthesize({
      publicUrl: 'https://hooks.example.com/',
      sources: { 'a-b': { provider: 'tasks' }, 'a--b': { provider: 'tasks' } },
    });
    expect(template.outputs.WebhookAB?.Value).toBe('https://hooks.example.com/webhooks/a--b');
    expect(template.outputs.WebhookAB2?.Value).toBe('https://hooks.example.com/webhooks/a-b');
  });

  test('name what `inlet --stage` needs', () => {
    const names = Object.keys(dev.outputs).filter((name) => !name.startsWith('Webhook'));
    expect(names.sort()).toEqual([
      'AccessLogs',
      'ArchiveTableName',
      'BodiesBucketName',
      'ConsoleLogs',
      'ConsoleUrl',
      'DeadLetterQueueUrl',
      'DeadLettersFunctionName',
      'DeadLettersLogs',
      'EffectsTableName',
      'InboxQueueUrl',
      'IngestFunctionName',
      'IngestLogs',
      'LedgerTableName',
      'OperatorPolicy',
      'ReaderPolicy',
      'SecretsPath',
      'SourceUrls',
      'SubjectsTableName',
      'UserPoolId',
      'WorkerFunctionName',
      'WorkerLogs',
    ]);
    expect(dev.outputs.SecretsPath?.Value).toBe('/inlet/dev');
  });
});

test('a secret is a parameter by name, never a value, and no parameter is made by the stack', () => {
  expect(dev.ofType('AWS::SSM::Parameter')).toEqual([]);
  expect(dev.text).not.toMatch(/resolve:ssm|development-/);
});

test('a production stage keeps its data when the stack goes, other stages do not', () => {
  const prod = synthesize(defaultConfig, 'prod');
  // Its name has to be free for the next one, and its lines are no data.
  const [accessLogs = ''] = Object.keys(prod.resources).filter((id) => id.startsWith('IngressGatewayLogs'));
  const stateful = ['AWS::DynamoDB::Table', 'AWS::SQS::Queue', 'AWS::S3::Bucket', 'AWS::Logs::LogGroup'];
  for (const type of stateful) {
    for (const [id, { DeletionPolicy }] of prod.ofType(type))
      expect(DeletionPolicy).toBe(id === accessLogs ? 'Delete' : 'RetainExceptOnCreate');
    for (const [, { DeletionPolicy }] of dev.ofType(type)) expect(DeletionPolicy).toBe('Delete');
  }
  for (const table of properties(prod, 'AWS::DynamoDB::Table'))
    expect(table.DeletionProtectionEnabled).toBe(true);
});

test.each(['', 'Prod', '1st', 'a_b', 'a'.repeat(21)])('the stage name %j is refused', (name) => {
  expect(() => synthesize({ sources: {} }, name)).toThrow(/stage/);
});
