/**
 * Drives a deployed form from end to end and says what is wrong with it. Green is an empty list: every request was
 * acknowledged, every event got its fate, the audit balances, nothing was denied, and no line came from an error.
 */
import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { DeleteMessageCommand, ReceiveMessageCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import type { InletConfig } from '../../functions/shared/config.ts';
import { Header } from '../../functions/shared/names.ts';
import { drafts } from '../../infra/cli/samples.ts';
import { createSigner } from '../../infra/cli/signer.ts';
import { gatewayEvent } from '../../infra/local/gateway-event.ts';
import type { StackTemplate } from '../helpers/template.ts';
import { type Cloud, createCloud } from './cloud.ts';
import { type DeployedFunction, drain, ROLES, routeTo, startFunction } from './deployment.ts';
import type { Call } from './door.ts';
import { verdict } from './verdict.ts';

export interface Deployment {
  readonly template: StackTemplate;
  /** Folder of the cloud assembly: the bundled assets. */
  readonly assets: string;
  readonly config: InletConfig;
  /** Signing secret of each source. */
  readonly secrets: Readonly<Record<string, string>>;
}

export interface Result {
  readonly problems: readonly string[];
  /** What each role's function asked of AWS. */
  readonly calls: Readonly<Record<string, readonly Call[]>>;
  /** What the functions logged. */
  readonly lines: readonly string[];
}

const DOMAIN = 'api.execute-api.us-east-1.amazonaws.com';

export async function runScenario(deployment: Deployment): Promise<Result> {
  const { template, assets, secrets } = deployment;
  const parameters = Object.entries(secrets).map(([source, secret]) => [
    `/inlet/dev/${source}`,
    JSON.stringify([secret]),
  ]);
  const cloud = await createCloud(template, Object.fromEntries(parameters));
  const functions: DeployedFunction[] = [];
  const problems: string[] = [];
  try {
    const declared = template.ofType('AWS::Lambda::Function').filter(([id]) => ROLES.test(id));
    for (const fn of await Promise.all(declared.map((fn) => startFunction(template, assets, cloud, fn))))
      functions.push(fn);
    problems.push(...(await drive(deployment, cloud, functions)));
  } catch (error) {
    problems.push(error instanceof Error ? `${error.name}: ${error.message}` : String(error));
  } finally {
    await Promise.all(functions.flatMap(({ process, door }) => [process.stop(), door.close()]));
    await cloud.close();
  }
  const calls = Object.fromEntries(functions.map(({ id, door }) => [ROLES.exec(id)?.[1] ?? id, door.calls]));
  const denied = Object.entries(calls).flatMap(([role, list]) =>
    list
      .filter(({ allowed }) => !allowed)
      .map(({ action, resource }) => `${role} may not ${action} on ${resource}`),
  );
  const lines = functions.flatMap(({ process }) => process.lines);
  return { problems: [...problems, ...new Set(denied)], calls, lines };
}

async function drive(
  { template, config, secrets }: Deployment,
  cloud: Cloud,
  functions: readonly DeployedFunction[],
): Promise<readonly string[]> {
  const problems: string[] = [];
  const expected = new Map<string, number>();
  const queue = (id: string) => cloud.created.get(id)?.ref;

  /** Sends one request as the gateway would. */
  async function post(
    source: string,
    subpath: string,
    headers: Readonly<Record<string, string>>,
    body: Buffer,
  ) {
    const url = new URL(`https://${DOMAIN}/webhooks/${source}${subpath}`);
    const run = { developmentSecrets: secrets };
    const signer = createSigner(
      config,
      source,
      url,
      { origin: url.origin, token: undefined, run } as never,
      secrets[source],
    );
    const proven = await signer.sign({
      method: 'POST',
      url: url.href,
      subpath,
      headers,
      body,
      receivedAt: Date.now(),
    });
    const target = functions.find(({ id }) => id === routeTo(template, cloud, 'POST', url.pathname));
    if (!target) throw new Error(`the gateway leads ${url.pathname} nowhere`);
    const request = {
      method: 'POST',
      url: url.pathname + new URL(proven.url).search,
      rawHeaders: Object.entries(proven.headers).flat(),
      socket: {},
      httpVersion: '1.1',
    } as unknown as IncomingMessage;
    const event = gatewayEvent(request, proven.body, { domainName: DOMAIN, now: Date.now() });
    const { answer } = await target.process.invoke(event, target.timeoutMs);
    const outcome = answer.headers?.[Header.outcome];
    if (outcome !== 'accepted' && outcome !== 'duplicate')
      problems.push(`${source}: a genuine request was answered ${answer.statusCode} ${outcome}`);
    if (outcome === 'accepted') expected.set(source, (expected.get(source) ?? 0) + 1);
  }
  /** A request that proves nothing. */
  async function forge(source: string) {
    const target = functions.find(({ id }) => id === routeTo(template, cloud, 'POST', `/webhooks/${source}`));
    const rawHeaders = ['content-type', 'application/json', 'x-request-id', 'forged'];
    const request = {
      method: 'POST',
      url: `/webhooks/${source}`,
      rawHeaders,
      socket: {},
      httpVersion: '1.1',
    };
    const event = gatewayEvent(request as unknown as IncomingMessage, Buffer.from('{}'), {
      domainName: DOMAIN,
      now: Date.now(),
    });
    const { answer } = (await target?.process.invoke(event, target.timeoutMs)) ?? {};
    if (answer?.statusCode !== 401)
      problems.push(`${source}: a forged request was answered ${answer?.statusCode}`);
  }
  const message = async () => {
    const { Messages: [message] = [] } = await cloud.sqs.send(
      new ReceiveMessageCommand({ QueueUrl: queue('InboxQueue') }),
    );
    await cloud.sqs.send(
      new DeleteMessageCommand({ QueueUrl: queue('InboxQueue'), ReceiptHandle: message?.ReceiptHandle }),
    );
    return message?.Body;
  };
  const put = (id: string, MessageBody = '') =>
    cloud.sqs.send(new SendMessageCommand({ QueueUrl: queue(id), MessageBody }));
  const json = { 'content-type': 'application/json' };
  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  const task = (id: number, data: string) =>
    Buffer.from(JSON.stringify({ batchid: 'large', id, owner: 'Ada', data }));

  // Every sample of every source, each twice and out of order: acknowledged, then processed.
  for (const source of Object.keys(config.sources)) {
    const { provider } = createSigner(
      config,
      source,
      new URL(`https://${DOMAIN}`),
      {} as never,
      secrets[source],
    );
    const count = Math.max(6, provider.samples.length);
    for (const { subpath, headers, body } of drafts(provider, { count, repeat: 2, shuffle: true, seed: 7 }))
      await post(source, subpath, headers, body);
  }
  for (const source of Object.keys(config.sources)) await forge(source);
  // A payment that names no customer: its handler gives it up.
  await post('chargify', '', form, Buffer.from('id=1&event=payment_success&payload[site][id]=1'));
  // Two events in one body, delivered by the queue twice.
  const batch = [1, 2].map((n) => ({
    eventId: `batched-${n}`,
    name: 'profile.update',
    payload: { id: `p${n}` },
    revision: n,
  }));
  if (template.text.includes('InboxQueue')) {
    await drain(template, cloud, functions, 'InboxQueue');
    await post('dotdigital', '', json, Buffer.from(JSON.stringify(batch)));
    expected.set('dotdigital', (expected.get('dotdigital') ?? 0) + batch.length - 1);
    const copy = await message();
    for (let n = 0; n < 2; n++) await put('InboxQueue', copy);
    await drain(template, cloud, functions, 'InboxQueue');
  }
  // Too large for SQS; then one that fits SQS and not the archive's items.
  await post('tasks', '', json, task(1, 'x'.repeat(2_000_000)));
  await post('tasks', '', json, task(2, randomBytes(400_000).toString('base64')));
  await drain(template, cloud, functions, 'InboxQueue');
  // What SQS gave up on ends as a dead event.
  await post('tasks', '', json, task(3, randomBytes(400_000).toString('base64')));
  await put('DeadLetterQueue', await message());
  await drain(template, cloud, functions, 'DeadLetterQueue');
  // What is no message of Inlet's is given back with a pause; it is the last, and stays.
  await put('InboxQueue', 'not an envelope');
  await drain(template, cloud, functions, 'InboxQueue');

  return [...problems, ...(await verdict(config, cloud, functions, expected))];
}
