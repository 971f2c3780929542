/** `--stage`: the commands on tables and queues, found through a stand-in for CloudFormation. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Backend } from '../../../cli/backend.ts';
import { stageBackend } from '../../../cli/stage-backend.ts';
import type { AuditReport, RedriveResult, ReplayResult } from '../../../functions/api/types.ts';
import { PermanentError } from '../../../functions/core/errors.ts';
import { createContext } from '../../helpers/context.ts';
import { startFaultyProxy } from '../../helpers/faulty-proxy.ts';
import { inlet } from './command.ts';
import { type AccountLimits, startAccount } from './lambda-account.ts';

const config = {
  sources: {
    orders: {
      provider: 'tasks',
      unsigned: true,
      handler: 'fulfil-order',
      mode: 'latest',
      delivery: 'payload.id',
      subject: 'payload.subject',
      revision: 'payload.revision',
    },
  },
} as const;
const folder = mkdtempSync(join(tmpdir(), 'inlet-stage-'));
const configFile = join(folder, 'config.mjs');
const handlers = "{ 'fulfil-order': async () => {} }";
writeFileSync(configFile, `export default { ...${JSON.stringify(config)}, handlers: ${handlers} };\n`);

let isBroken = true;
let isProtected = false;
const { local, post, waitFor } = await createContext({
  config,
  handlers: {
    'fulfil-order': {
      name: 'fulfil-order',
      description: 'fails for good until it is repaired',
      handle: async () => {
        if (isBroken) throw new PermanentError('no stock');
      },
    },
  },
});

const outputs = {
  WebhookOrders: `${local.url}/webhooks/orders`,
  LedgerTableName: local.setup.tables.ledger,
  SubjectsTableName: local.setup.tables.subjects,
  ArchiveTableName: local.setup.tables.archive,
  EffectsTableName: local.setup.tables.effects,
  InboxQueueUrl: local.setup.inboxQueueUrl,
  DeadLetterQueueUrl: local.deadLetterQueueUrl,
  BodiesBucketName: local.setup.bodiesBucket,
};

let cloudFormation: Server;
let account: AccountLimits;
let env: Record<string, string>;
const before = { ...process.env };
beforeAll(async () => {
  cloudFormation = createServer(async (request, response) => {
    const asked = new URLSearchParams(await text(request));
    const [status, body] = answer(asked.get('Action'), asked.get('StackName'));
    response.writeHead(status, { 'content-type': 'text/xml' }).end(body);
  });
  await new Promise<void>((resolve) => cloudFormation.listen(0, '127.0.0.1', resolve));
  const { port } = cloudFormation.address() as AddressInfo;
  account = await startAccount();
  env = {
    AWS_ENDPOINT_URL_CLOUDFORMATION: `http://127.0.0.1:${port}`,
    AWS_ENDPOINT_URL_LAMBDA: account.endpoint,
    AWS_ENDPOINT_URL_DYNAMODB: local.dynamodb.endpoint,
    AWS_ENDPOINT_URL_SQS: local.sqs.endpoint,
    AWS_ENDPOINT_URL_S3: local.sqs.endpoint,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: local.credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: 'local',
    INLET_CONFIG: configFile,
  };
  Object.assign(process.env, env);
});
afterAll(() => {
  process.env = before;
  cloudFormation.close();
  cloudFormation.closeAllConnections();
  account.close();
  rmSync(folder, { recursive: true });
});

/** As https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStacks.html shows it. */
function answer(action: string | null, stack: string | null): [number, string] {
  const error = (code: string, message: string): [number, string] => [
    400,
    `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error></ErrorResponse>`,
  ];
  if (stack === 'Inlet-secret') return error('AccessDenied', 'not authorized to perform it');
  if (action !== 'DescribeStacks' || !['Inlet-dev', 'Inlet-many', 'Inlet-old'].includes(stack ?? ''))
    return error('ValidationError', `Stack with id ${stack} does not exist`);
  const { WebhookOrders, ...others } = outputs;
  // A stack of many sources has the form of the URLs only.
  const many = { ...others, SourceUrls: WebhookOrders.replace('orders', '&lt;source&gt;') };
  const members = Object.entries({ 'Inlet-dev': outputs, 'Inlet-many': many }[stack ?? ''] ?? {})
    .map(
      ([key, value]) => `<member><OutputKey>${key}</OutputKey><OutputValue>${value}</OutputValue></member>`,
    )
    .join('');
  return [
    200,
    `<DescribeStacksResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><DescribeStacksResult><Stacks><member><StackName>${stack}</StackName><StackStatus>CREATE_COMPLETE</StackStatus><CreationTime>2026-11-22T10:00:00Z</CreationTime><EnableTerminationProtection>${isProtected}</EnableTerminationProtection><Outputs>${members}</Outputs></member></Stacks></DescribeStacksResult></DescribeStacksResponse>`,
  ];
}

const run = (...words: string[]) => inlet([...words, '--stage', 'dev'], { env });
const reaches = (backend: Backend, state: string) =>
  waitFor(async () => (await backend.event('orders', '1')).state === state);

describe('on a stage', () => {
  test('events are listed, shown, redriven and replayed, and the audit balances', async () => {
    const backend = await stageBackend('dev');
    await post('orders', '{"id":"1","subject":"s","revision":1}', { 'content-type': 'application/json' });
    await reaches(backend, 'dead');

    const dead = await backend.events({ state: 'dead', subject: undefined });
    expect(dead.events).toMatchObject([{ id: '1', state: 'dead' }]);
    isBroken = false;
    const redriven = JSON.parse((await run('dead', 'redrive', '--all')).out) as RedriveResult;
    expect(redriven).toMatchObject({ redriven: 1, ids: [{ source: 'orders', id: '1' }] });
    await reaches(backend, 'applied');

    expect(await backend.event('orders', '1')).toMatchObject({
      state: 'applied',
      payload: { id: '1', subject: 's' },
    });
    expect(await backend.subject('orders', 's')).toMatchObject({ revision: 1 });
    const replayed = JSON.parse((await run('replay', 'orders/1')).out) as ReplayResult;
    expect(replayed).toMatchObject({ was: 'applied', state: 'applied' });
    const many = await backend.replayMany({ source: 'orders' }, { force: false, dryRun: true });
    expect(many).toMatchObject({ matched: 1, preview: { repeat: 1 } });

    const audit = await waitFor(async () => {
      const { code, out } = await run('audit');
      const report = JSON.parse(out) as AuditReport;
      return code === 0 && report.queues.messages === 0 ? report : undefined;
    });
    expect(audit).toMatchObject({ balanced: true, total: { accepted: 1, applied: 1 } });
  });

  test('nothing is counted where economy leaves out the lines: 2, and no audit that looks whole', async () => {
    const economy = join(folder, 'economy.json');
    writeFileSync(economy, JSON.stringify({ ...config, economy: true }));
    const result = await inlet(['audit', '--counted', '--stage', 'dev'], {
      env: { ...env, INLET_CONFIG: economy },
    });
    expect(result).toMatchObject({ code: 2, out: '', err: expect.stringContaining('Nothing is counted') });
  });

  test.each(['dev', 'many'])('sources have the URLs of the stage %s', async (stage) => {
    const { out } = await inlet(['sources', '--stage', stage], { env });
    expect(JSON.parse(out).sources[0].url).toBe(outputs.WebhookOrders);
  });

  test('the doctor asks the stage', async () => {
    const { code, out } = await run('doctor');
    const rows = out
      .trimEnd()
      .split('\n')
      .map((line) => line.split('\t').slice(0, 2).join(' '));
    expect(rows).toEqual([
      'ok node',
      'ok configuration',
      'warn secret orders',
      'ok concurrency',
      'ok locks',
      'ok server',
      'ok clock',
      'ok url orders',
      'ok audit',
    ]);
    expect(code).toBe(0);
  });

  test.each([
    [true, false, 'warn', 'Deploy it again without -c first=true'],
    [true, true, 'ok', ''],
    [false, false, 'ok', ''],
  ])(
    'production %s, its stack protected %s: the doctor says %s',
    async (production, locked, verdict, advice) => {
      isProtected = locked;
      const INLET_CONFIG = join(folder, `production-${production}.json`);
      writeFileSync(INLET_CONFIG, JSON.stringify({ ...config, production }));
      const { code, out } = await inlet(['doctor', '--stage', 'dev', '--json'], {
        env: { ...env, INLET_CONFIG },
      });
      const { checks } = JSON.parse(out) as { checks: { name: string; verdict: string; advice?: string }[] };
      const found = checks.find(({ name }) => name === 'locks');
      expect([code, found?.verdict, found?.advice ?? '']).toEqual([
        0,
        verdict,
        expect.stringContaining(advice),
      ]);
    },
  );

  test('the doctor of whoever has the rights of a reader warns of the quota that it may not ask for', async () => {
    account.allow(undefined);
    const { code, out } = await run('doctor');
    account.allow({ ConcurrentExecutions: 1000, UnreservedConcurrentExecutions: 1000 });
    expect(code).toBe(0);
    expect(out).toContain(
      'warn\tconcurrency\tthe quota could not be asked\tThese credentials may not ask Lambda',
    );
    expect(out).toContain('ok\taudit');
  });

  test('what is written wrong is refused as by HTTP, and what is not there is 1', async () => {
    const backend = await stageBackend('dev');
    await expect(backend.events({ state: 'done' })).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringContaining('state: write one of'),
    });
    const missing = await run('event', 'orders/nothing');
    expect([missing.code, missing.err]).toEqual([1, expect.stringContaining('no event nothing of orders')]);
  });
});

test('an audit gets over page after page that is throttled', async () => {
  const throttled = await startFaultyProxy(local.dynamodb.endpoint);
  const backend = await stageBackend('dev', { ...env, AWS_ENDPOINT_URL_DYNAMODB: throttled.endpoint });
  // Each of the four segments is refused twice.
  throttled.faults.push(...Array<'throttle'>(8).fill('throttle'));
  expect(await backend.audit()).toMatchObject({ balanced: true });
  expect(throttled.faults).toEqual([]);
  await throttled.close();
});

describe('says what to do', () => {
  test.each([
    ['nowhere', 'There is no stack Inlet-nowhere in us-east-1: deploy it'],
    ['secret', 'These credentials may not ask CloudFormation'],
    ['old', 'no output LedgerTableName'],
    ['Not A Stage', 'the stage "Not A Stage" cannot be used'],
  ])('about the stage %s', async (stage, message) => {
    await expect(stageBackend(stage)).rejects.toThrow(message);
  });

  test('without credentials', async () => {
    const { AWS_ACCESS_KEY_ID: _, ...rest } = env;
    const { code, err } = await inlet(['audit', '--stage', 'dev'], {
      env: { ...rest, AWS_EC2_METADATA_DISABLED: 'true', HOME: folder },
    });
    expect([code, err]).toEqual([2, expect.stringContaining('There are no AWS credentials')]);
  });

  test('without a region', async () => {
    const nowhere = { ...env, AWS_REGION: '', HOME: folder };
    const { code, err } = await inlet(['audit', '--stage', 'dev'], { env: nowhere });
    expect([code, err]).toEqual([2, expect.stringContaining('Set AWS_REGION')]);
  });
});
