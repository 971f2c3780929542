/**
 * Drives a deployed form from end to end and says what is wrong with it. Green is an empty list: every request was
 * acknowledged, every event got its fate, the console served its operator and nobody else, every metric counts what
 * happened, the audit balances, and nothing was denied.
 */
import { randomBytes } from 'node:crypto';
import { DeleteItemCommand } from '@aws-sdk/client-dynamodb';
import { decodeEnvelope, type Envelope } from '../../../functions/core/envelope.ts';
import { ledgerId } from '../../../functions/store/ledger/entry.ts';
import { drafts } from '../../../local/samples.ts';
import type { EngineKind } from '../engines/engine.ts';
import { createCloud } from './cloud.ts';
import { type DeployedFunction, startFunction } from './deployment.ts';
import type { Call } from './door.ts';
import { operate } from './operate.ts';
import { goThroughOutages } from './outages.ts';
import { askAsPeople } from './people.ts';
import { type Deployment, FORM, JSON_TYPE, Site } from './site.ts';
import { verdict } from './verdict.ts';

export interface Result {
  readonly problems: readonly string[];
  /** What each role's function asked of AWS, and people by each policy. */
  readonly calls: Readonly<Record<string, readonly Call[]>>;
  /** What the functions logged, by log group. */
  readonly logs: Readonly<Record<string, readonly string[]>>;
}

/**
 * @param isOverAtFirst to go no further than the first problem.
 * @param startTables starts the DynamoDB that holds the tables. Default: dynalite.
 */
export async function runScenario(
  deployment: Deployment,
  { isOverAtFirst = false, startTables }: { isOverAtFirst?: boolean; startTables?: EngineKind['start'] } = {},
): Promise<Result> {
  const { template, assets, secrets } = deployment;
  const parameters = Object.entries(secrets).map(([source, secret]) => [
    `/inlet/dev/${source}`,
    JSON.stringify([secret]),
  ]);
  const cloud = await createCloud(template, Object.fromEntries(parameters), startTables);
  const functions: DeployedFunction[] = [];
  const problems: string[] = [];
  let people: Result['calls'] = {};
  try {
    const declared = template.ofType('AWS::Lambda::Function');
    const started = await Promise.allSettled(
      declared.map((fn) => startFunction(template, assets, cloud, fn)),
    );
    functions.push(...started.flatMap((start) => (start.status === 'fulfilled' ? [start.value] : [])));
    for (const start of started) if (start.status === 'rejected') throw start.reason;

    const site = new Site(deployment, cloud, functions, isOverAtFirst);
    await receiveEvents(site)
      .then(async () => {
        people = await askAsPeople(site, template);
        await leaveForeignMessage(site);
        await verdict(site, template);
      })
      .finally(() => problems.push(...site.problems));
  } catch (error) {
    problems.push(error instanceof Error ? `${error.name}: ${error.message}` : String(error));
  } finally {
    await Promise.all(functions.flatMap(({ process, door }) => [process.stop(), door.close()]));
    await cloud.close();
  }
  const calls = Object.fromEntries(functions.map(({ role, door }) => [role, door.calls]));
  const denied = Object.entries(calls).flatMap(([role, list]) =>
    list
      .filter(({ allowed }) => !allowed)
      .map(({ action, resource }) => `${role} may not ${action} on ${resource}`),
  );
  const logs = Object.fromEntries(functions.map(({ logGroup, process }) => [logGroup, process.lines]));
  return { problems: [...problems, ...new Set(denied)], calls: { ...calls, ...people }, logs };
}

async function receiveEvents(site: Site): Promise<void> {
  const sources = Object.keys(site.config.sources);
  const task = (id: number, data: string) =>
    Buffer.from(JSON.stringify({ batchid: 'large', id, owner: 'Ada', data }));

  // Every sample of every source, each twice and out of order: acknowledged, then processed.
  for (const source of sources) {
    const { provider } = site.signer(source);
    const count = Math.max(6, provider.samples.length);
    for (const { subpath, headers, body } of drafts(provider, { count, repeat: 2, shuffle: true, seed: 7 }))
      await site.accept(source, body, headers, { subpath });
  }
  for (const source of sources) await forge(site, source);
  await tryPaths(site);
  const health = await site.send({ method: 'GET', url: '/health' });
  site.expect(health.statusCode === 200, `the health was answered ${health.statusCode}`);
  // A payment that names no customer: its handler gives it up.
  await site.accept('chargify', Buffer.from('id=1&event=payment_success&payload[site][id]=1'), FORM);
  await site.drain();
  // Two events in one body, delivered by the queue twice.
  const batch = [1, 2].map((n) => ({
    eventId: `batched-${n}`,
    name: 'profile.update',
    apiSpaceId: 'space',
    payload: { id: `p${n}` },
    revision: n,
  }));
  await site.accept('dotdigital', Buffer.from(JSON.stringify(batch)), JSON_TYPE, { events: batch.length });
  const copy = await site.take();
  for (let n = 0; n < 2; n++) await site.put('InboxQueue', copy);
  await site.drain();
  // SQS gives up a copy of what has its outcome.
  await site.put('DeadLetterQueue', copy);
  // Another one, whose subject knows it.
  await site.accept(
    'dotdigital',
    Buffer.from(JSON.stringify({ ...batch[1], eventId: 'known', payload: { id: 'known' } })),
    JSON_TYPE,
  );
  const known = await site.take();
  await site.put('InboxQueue', known);
  await site.drain();
  await site.put('DeadLetterQueue', known);
  await site.drain('DeadLetterQueue');
  // Too large for SQS; then one that fits SQS and not the archive's items.
  await site.accept('tasks', task(1, 'x'.repeat(2_000_000)));
  await site.accept('tasks', task(2, randomBytes(400_000).toString('base64')));
  await site.drain();
  // What SQS gave up on ends as a dead event.
  await site.accept('tasks', task(3, randomBytes(400_000).toString('base64')));
  await site.put('DeadLetterQueue', await site.take());
  await site.drain('DeadLetterQueue');
  // So does a large one whose entry has expired meanwhile: it is written anew.
  await site.accept('tasks', task(4, 'x'.repeat(2_000_000)));
  const large = await site.take();
  await expire(site, decodeEnvelope(large));
  await site.put('DeadLetterQueue', large);
  await site.drain('DeadLetterQueue');

  await goThroughOutages(site);
  await operate(site);
}

/** Deletes an entry, as DynamoDB does when its time is over. */
async function expire({ cloud }: Site, { source, id }: Envelope): Promise<void> {
  const TableName = cloud.created.get('LedgerTable')?.ref ?? '';
  const Key = { id: { S: ledgerId(source, id) } };
  await cloud.dynamodb.send(new DeleteItemCommand({ TableName, Key }));
}

/** What is no message of Inlet's is given back with a pause; it is the last, and stays. */
async function leaveForeignMessage(site: Site): Promise<void> {
  await site.put('InboxQueue', 'not an envelope');
  await site.drain();
}

/** What somebody asks for who looks for holes. */
async function tryPaths(site: Site): Promise<void> {
  const requests: [method: string, url: string, status: number][] = [
    ['GET', '/wp-login.php', 404],
    ['POST', '/webhooks/nobody', 404],
    ['PUT', '/webhooks/tasks', 405],
  ];
  for (const [method, url, status] of requests) {
    const { statusCode } = await site.send({ method, url });
    site.expect(statusCode === status, `${method} ${url} was answered ${statusCode}`);
  }
}

/** A request that proves nothing. */
async function forge(site: Site, source: string): Promise<void> {
  const headers = { ...JSON_TYPE, 'x-request-id': 'forged' };
  const body = Buffer.from('{}');
  const { statusCode } = await site.send({ method: 'POST', url: `/webhooks/${source}`, headers, body });
  site.expect(statusCode === 401, `${source}: a forged request was answered ${statusCode}`);
}
