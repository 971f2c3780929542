/** The deployed ingest function with its secrets in Secrets Manager, against the stand-ins. */
import { createHmac } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { InletConfig } from '../../../functions/config/config.ts';
import { Env } from '../../../functions/core/names.ts';
import { type Bundle, bundleFunction } from '../../../infra/bundle.ts';
import { createTables, LOCAL_TABLES, type LocalDynamoDB, startDynamoDB } from '../../../local/dynamodb.ts';
import { LOCAL_BUCKET, type LocalSqs, startSqs } from '../../../local/sqs.ts';
import { FunctionProcess } from '../../helpers/function-process.ts';
import { type SecretsManagerServer, startSecretsManager } from '../../helpers/secrets-manager-server.ts';
import { TEST_CREDENTIALS, TEST_ENVIRONMENT } from '../../helpers/sigv4.ts';
import { type SsmServer, startSsm } from '../../helpers/ssm-server.ts';
import { at, synthesize } from '../../helpers/template.ts';
import { waitFor } from '../../helpers/wait-for.ts';
import { matches } from '../../proof/deployed/policy.ts';

const sources: InletConfig['sources'] = {
  dotdigital: { provider: 'dotdigital' },
  asana: { provider: 'asana' },
};
const config: InletConfig = { sources, secrets: 'secrets-manager' };
const SECRET = 'a-secret-of-at-least-16';
const KEY = 'b537207f20cbfa02357cf448134da559';
const folder = mkdtempSync(join(tmpdir(), 'inlet-test-'));

let dynamodb: LocalDynamoDB;
let sqs: LocalSqs;
let manager: SecretsManagerServer;
let ssm: SsmServer;
let managed: Bundle;
let ingest: FunctionProcess;

beforeAll(async () => {
  [dynamodb, sqs] = await Promise.all([startDynamoDB(), startSqs(config)]);
  await createTables(
    new DynamoDBClient({
      region: 'eu-west-1',
      credentials: TEST_CREDENTIALS,
      endpoint: dynamodb.endpoint,
    }),
  );
  [manager, ssm] = await Promise.all([startSecretsManager(), startSsm()]);
  managed = bundleFunction('functions/ingest.lambda.ts', config, join(folder, 'managed'));
  ingest = await FunctionProcess.start(managed.file, {
    AWS_REGION: 'eu-west-1',
    ...TEST_ENVIRONMENT,
    [Env.ledgerTable]: LOCAL_TABLES.ledger,
    [Env.inboxQueueUrl]: sqs.queueUrls.inbox,
    [Env.bodiesBucket]: LOCAL_BUCKET,
    [Env.secretsPath]: '/inlet/dev',
    AWS_ENDPOINT_URL_DYNAMODB: dynamodb.endpoint,
    AWS_ENDPOINT_URL_SQS: sqs.endpoint,
    AWS_ENDPOINT_URL_S3: sqs.endpoint,
    AWS_ENDPOINT_URL_SSM: ssm.endpoint,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: manager.endpoint,
  });
});
afterAll(async () => {
  await Promise.all([manager.close(), ssm.close(), dynamodb.close(), sqs.close()]);
  await ingest.stop();
  rmSync(folder, { recursive: true });
});

async function post(source: string, body: string, headers: Record<string, string>) {
  const http = { method: 'POST', path: `/webhooks/${source}` };
  const { answer } = await ingest.invoke({
    version: '2.0',
    rawPath: http.path,
    rawQueryString: '',
    headers: { 'content-type': 'application/json', ...headers },
    requestContext: { domainName: 'hooks.example.com', requestId: 'request', http },
    body,
    isBase64Encoded: false,
  });
  return [answer.statusCode, answer.headers?.['inlet-outcome']];
}

/** Ends of the ARNs on which the stack lets ingest use secrets, and how. */
function granted(): readonly string[] {
  const [[, policy] = []] = synthesize(config)
    .ofType('AWS::IAM::Policy')
    .filter(([id]) => id.includes('IngestRole'));
  const statements = at(policy, 'Properties.PolicyDocument.Statement') as readonly {
    readonly Action: string | readonly string[];
    readonly Resource: unknown;
  }[];
  return statements
    .flatMap(({ Action, Resource }) =>
      [Action].flat().flatMap((action) =>
        [Resource].flat().map((resource) => {
          const parts = (at(resource, 'Fn::Join.1') ?? []) as readonly unknown[];
          return `${action} ${String(parts.at(-1)).slice(1)}`;
        }),
      ),
    )
    .filter((right) => /^(ssm|secretsmanager):/.test(right));
}

test('reads and writes them there, asks SSM for windows only, and does with them all that it may and no more', async () => {
  const body = JSON.stringify({ eventId: '1', apiSpaceId: 'space', name: 'message.sent', payload: {} });
  const headers = { 'x-comapi-signature': createHmac('sha1', SECRET).update(body).digest('hex') };
  manager.secrets.set('inlet/dev/dotdigital', { value: JSON.stringify([SECRET]) });
  expect(await post('dotdigital', body, headers)).toEqual([202, 'accepted']);
  expect(await post('dotdigital', `${body} `, headers)).toEqual([401, 'rejected']);
  expect(manager.asked).toEqual(['GetSecretValue inlet/dev/dotdigital']);
  expect(ssm.asked).toEqual([]);

  const handOver = (key: string) => post('asana', '{}', { 'x-hook-secret': key });
  expect(await handOver(KEY)).toEqual([403, 'rejected']);
  for (const key of [KEY, KEY.toUpperCase()]) {
    ssm.parameters.set('/inlet/dev/asana/window', new Date(Date.now() + 600_000).toISOString());
    // A window that is opened after a refusal is seen some seconds later.
    await waitFor(async () => (await handOver(key))[0] === 200, { intervalMs: 250, what: 'the window' });
  }
  expect(manager.secrets.get('inlet/dev/asana')?.value).toBe(JSON.stringify([KEY.toUpperCase(), KEY]));
  const signature = createHmac('sha256', KEY).update('{"events":[]}').digest('hex');
  expect((await post('asana', '{"events":[]}', { 'x-hook-signature': signature }))[0]).toBe(200);

  const used = [
    // The bare name is asked for while there is no secret, which has no suffix yet.
    ...manager.asked.flatMap((asked) =>
      ['', '-??????'].map((suffix) => asked.replace(/^(\w+) (.*)$/, `secretsmanager:$1 secret:$2${suffix}`)),
    ),
    ...ssm.calls.map((call) => call.replace(' ', ' parameter').replace(/^/, 'ssm:')),
  ];
  const rights = granted();
  expect(used.filter((call) => !rights.some((right) => matches(right, call)))).toEqual([]);
  expect(rights.filter((right) => !used.some((call) => matches(right, call)))).toEqual([]);
}, 60_000);

test('Secrets Manager is in the bundle only where the configuration names it', () => {
  const modules = ({ metafile }: Bundle) =>
    Object.values(metafile.outputs).flatMap(({ inputs }) =>
      Object.entries(inputs).flatMap(([path, { bytesInOutput }]) => (bytesInOutput > 0 ? [path] : [])),
    );
  const inSsm = bundleFunction('functions/ingest.lambda.ts', { sources }, join(folder, 'ssm'));
  expect(modules(managed)).toContain('functions/secrets/secrets-manager.ts');
  expect(modules(inSsm)).not.toContain('functions/secrets/secrets-manager.ts');
  expect(modules(inSsm)).toContain('functions/secrets/parameters.ts');
});
