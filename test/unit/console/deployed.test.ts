/** The console as it is deployed: its bundle in a process of its own, and what the template says about it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Env } from '../../../functions/core/names.ts';
import { ASSETS_FILE, bundleConsole } from '../../../infra/bundle/console.ts';
import { bundleFunction } from '../../../infra/bundle.ts';
import defaultConfig from '../../fixtures/inlet.config.ts';
import { FunctionProcess } from '../../helpers/function-process.ts';
import { at, type StackTemplate, synthesize } from '../../helpers/template.ts';
import { gatewayEvent } from '../api/deployment.ts';

const folder = mkdtempSync(join(tmpdir(), 'inlet-test-'));
let template: StackTemplate;
let fn: FunctionProcess;

beforeAll(async () => {
  template = synthesize(defaultConfig);
  bundleConsole(folder);
  const { file } = bundleFunction('functions/console.lambda.ts', defaultConfig, join(folder, 'fn'));
  const given = Object.fromEntries(Object.values(Env).map((name) => [name, name.toLowerCase()]));
  fn = await FunctionProcess.start(file, {
    ...given,
    AWS_REGION: 'us-east-1',
    [Env.userPoolId]: 'us-east-1_abcdefghi',
    [Env.loginDomain]: 'inlet.auth.us-east-1.amazoncognito.com',
    [Env.consoleAssets]: join(folder, ASSETS_FILE),
  });
}, 60_000);

afterAll(async () => {
  await fn.stop();
  rmSync(folder, { recursive: true });
});

test('serves the page and the way to log in, and nothing of the API', async () => {
  const get = async (path: string) => (await fn.invoke(gatewayEvent('GET', path))).answer;
  const page = await get('/console/events');
  expect(page.statusCode).toBe(200);
  expect(Buffer.from(page.body ?? '', 'base64').toString()).toContain('<div id="app">');
  expect(page.headers?.['content-security-policy']).toContain(
    `connect-src 'self' https://inlet.auth.us-east-1.amazoncognito.com;`,
  );
  // A browser that has been here once never asks by http again, also for a file or a name that is not there.
  for (const path of ['/console', '/console/login.json', '/console/assets/none.js'])
    expect([path, (await get(path)).headers?.['strict-transport-security']]).toEqual([
      path,
      'max-age=31536000',
    ]);
  expect(JSON.parse((await get('/console/login.json')).body ?? '')).toEqual({
    kind: 'cognito',
    domain: 'inlet.auth.us-east-1.amazoncognito.com',
    clientId: Env.userPoolClientId.toLowerCase(),
    issuer: 'https://cognito-idp.us-east-1.amazonaws.com/us-east-1_abcdefghi',
  });
  for (const path of ['/api/me', '/api/events', '/api/feed', '/api/samples']) {
    expect([path, (await get(path)).statusCode]).toEqual([path, 401]);
  }
});

test('nobody signs up, and the client has no secret to lose', () => {
  const [[, pool] = []] = template.ofType('AWS::Cognito::UserPool');
  expect(at(pool, 'Properties.AdminCreateUserConfig.AllowAdminCreateUserOnly')).toBe(true);
  const [[, client] = []] = template.ofType('AWS::Cognito::UserPoolClient');
  expect(client?.Properties).toMatchObject({
    GenerateSecret: false,
    AllowedOAuthFlows: ['code'],
    AllowedOAuthScopes: ['openid'],
    PreventUserExistenceErrors: 'ENABLED',
  });
});

test('each of its routes is throttled on its own', () => {
  const [[, stage] = []] = template.ofType('AWS::ApiGatewayV2::Stage');
  const settings = at(stage, 'Properties.RouteSettings') as Record<string, unknown>;
  const routes = template
    .ofType('AWS::ApiGatewayV2::Route')
    .map(([, { Properties }]) => String(Properties.RouteKey))
    .filter((key) => /\/(api|console)/.test(key));
  expect(routes.length).toBe(4);
  expect(Object.keys(settings)).toEqual(expect.arrayContaining(routes));
});

test('the function may not read secrets, delete anything, or take messages off a queue', () => {
  const [[, policy] = []] = template
    .ofType('AWS::IAM::Policy')
    .filter(([id]) => id.startsWith('ConsoleConsoleRole'));
  const statements = at(policy, 'Properties.PolicyDocument.Statement') as readonly {
    Action: string | string[];
  }[];
  const actions = [...new Set(statements.flatMap(({ Action }) => Action))].filter(
    (one) => !one.startsWith('logs:'),
  );
  expect(actions.sort()).toEqual([
    'dynamodb:BatchGetItem',
    'dynamodb:GetItem',
    'dynamodb:Query',
    'dynamodb:Scan',
    'dynamodb:UpdateItem',
    's3:GetObject',
    's3:PutObject',
    'sqs:GetQueueAttributes',
    'sqs:SendMessage',
  ]);
});
