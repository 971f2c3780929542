/** Tables, queues, bucket, secrets and user pool that the functions of all releases share. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import { OPERATORS } from '../../../functions/console/cognito.ts';
import { Env } from '../../../functions/core/names.ts';
import { provider as chargify } from '../../../functions/providers/chargify.ts';
import { provider as dotdigital } from '../../../functions/providers/dotdigital.ts';
import { createTables, LOCAL_TABLES, startDynamoDB } from '../../../local/dynamodb.ts';
import { LOCAL_REGION, startSqs } from '../../../local/sqs.ts';
import { FunctionProcess } from '../../helpers/function-process.ts';
import { TEST_CREDENTIALS, TEST_ENVIRONMENT } from '../../helpers/sigv4.ts';
import { startSsm } from '../../helpers/ssm-server.ts';
import { CLIENT_ID, POOL_ID, startUserPool } from '../deployed/user-pool.ts';
import { config } from './config.ts';
import { type Door, openDoor } from './door.ts';
import type { KeptFunction } from './kept-functions.ts';
import type { Release } from './kept-release.ts';

export interface Ground {
  readonly door: Door;
  readonly dynamodb: DynamoDBClient;
  readonly sqs: SQSClient;
  readonly queueUrls: { readonly inbox: string; readonly deadLetters: string };
  /** Bearer token of somebody who may redrive. */
  readonly token: string;
  /** Scratch. */
  readonly folder: string;
  /** A function of a release, started when it is first asked for. */
  running(release: Release, fn: KeptFunction): Promise<FunctionProcess>;
  close(): Promise<void>;
}

const PATH = '/inlet/upgrade';

export async function prepareGround(): Promise<Ground> {
  const secrets = { dotdigital: dotdigital.secret.development, chargify: chargify.secret.development };
  const parameters = Object.entries(secrets).map(([name, secret]) => [`${PATH}/${name}`, secret]);
  const [tables, sqs, ssm] = await Promise.all([
    startDynamoDB(),
    startSqs(config),
    startSsm(Object.fromEntries(parameters)),
  ]);
  const userPool = startUserPool({ domainName: 'upgrade', group: OPERATORS, minutes: 60 });
  const door = await openDoor({ dynamodb: tables.endpoint, sqs: sqs.endpoint }, userPool);
  const common = { region: LOCAL_REGION, credentials: TEST_CREDENTIALS };
  const dynamodb = new DynamoDBClient({ ...common, endpoint: tables.endpoint });
  const client = new SQSClient({ ...common, endpoint: sqs.endpoint });
  await createTables(dynamodb);
  const folder = mkdtempSync(join(tmpdir(), 'inlet-upgrade-'));
  const started = new Map<string, Promise<FunctionProcess>>();
  const through = (queueUrl: string) => `${door.endpoint}${new URL(queueUrl).pathname}`;

  /** Every variable for every function: what one of them does not know it does not read. */
  const environment = {
    AWS_REGION: LOCAL_REGION,
    ...TEST_ENVIRONMENT,
    AWS_ENDPOINT_URL_DYNAMODB: door.endpoint,
    AWS_ENDPOINT_URL_SQS: door.endpoint,
    AWS_ENDPOINT_URL_S3: door.endpoint,
    AWS_ENDPOINT_URL_SSM: ssm.endpoint,
    // The way to the user pool (https://nodejs.org/api/http.html#built-in-proxy-support).
    NODE_USE_ENV_PROXY: '1',
    HTTPS_PROXY: door.endpoint,
    NODE_EXTRA_CA_CERTS: userPool.certificateFile,
    [Env.ledgerTable]: LOCAL_TABLES.ledger,
    [Env.subjectsTable]: LOCAL_TABLES.subjects,
    [Env.archiveTable]: LOCAL_TABLES.archive,
    [Env.effectsTable]: LOCAL_TABLES.effects,
    [Env.inboxQueueUrl]: through(sqs.queueUrls.inbox),
    [Env.deadLetterQueueUrl]: through(sqs.queueUrls.deadLetters),
    [Env.bodiesBucket]: sqs.bucket,
    [Env.secretsPath]: PATH,
    [Env.userPoolId]: POOL_ID,
    [Env.userPoolClientId]: CLIENT_ID,
    [Env.loginDomain]: userPool.loginHost,
    [Env.consoleAssets]: '/dev/null',
  };

  return {
    door,
    dynamodb,
    sqs: client,
    queueUrls: sqs.queueUrls,
    token: userPool.signIn([OPERATORS]),
    folder,
    running(release, fn) {
      const name = `${release.name} ${fn}`;
      const known = started.get(name) ?? FunctionProcess.start(release.files[fn], environment);
      started.set(name, known);
      return known;
    },
    async close() {
      for (const fn of started.values()) await (await fn).stop();
      dynamodb.destroy();
      client.destroy();
      userPool.close();
      await Promise.all([door.close(), ssm.close()]);
      await Promise.all([tables.close(), sqs.close()]);
      rmSync(folder, { recursive: true });
    },
  };
}
