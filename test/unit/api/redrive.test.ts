import { type DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { audit } from '../../../functions/api/audit.ts';
import { replayEvent } from '../../../functions/api/replay.ts';
import { decodeEnvelope } from '../../../functions/core/envelope.ts';
import { Archive } from '../../../functions/store/archive/archive.ts';
import { accept } from '../../../functions/store/ledger/accept.ts';
import { type Deployment, startDeployment } from './deployment.ts';

let deployment: Deployment;

beforeEach(async () => {
  deployment = await startDeployment();
});

afterEach(() => deployment.close());

async function dead(id: string, state: 'dead' | 'quarantined' = 'dead', receivedAt = 1_000) {
  await deployment.seed({ id, state, receivedAt, attempts: 8, reason: 'handler failed', settledAt: 2_000 });
  await deployment.archive({ id, receivedAt });
}

/** Keys of the messages on the inbox. */
async function received(): Promise<string[]> {
  const { Messages = [] } = await deployment.setup.sqs.send(
    new ReceiveMessageCommand({ QueueUrl: deployment.setup.inboxQueueUrl, MaxNumberOfMessages: 10 }),
  );
  return Messages.map(({ Body = '' }) => decodeEnvelope(Body).id).sort();
}

const stateOf = async (id: string) => (await deployment.call('GET', `/api/events/dotdigital/${id}`)).body;
const redrive = (body: unknown) => deployment.call('POST', '/api/dead/redrive', body);

describe('POST /api/dead/redrive', () => {
  test('puts dead and quarantined events back in flight, and nothing else', async () => {
    await dead('a');
    await dead('b', 'quarantined', 500);
    await deployment.seed({ id: 'c', state: 'applied' });
    const { body } = await redrive({});
    expect(body).toEqual({
      dryRun: false,
      matched: 2,
      redriven: 2,
      ids: [
        { source: 'dotdigital', id: 'b' },
        { source: 'dotdigital', id: 'a' },
      ],
      failed: [],
      more: false,
      cursor: null,
    });
    expect(await stateOf('a')).toMatchObject({ state: 'queued', attempts: 0, reason: null, settledAt: null });
    expect((await audit(deployment.parts)).balanced).toBe(true);
    expect(await received()).toEqual(['a', 'b']);
  });

  test('begins the time of the entry and of its payload anew', async () => {
    await dead('a');
    const expiryIn = async (table: string) => {
      const Key = { id: { S: 'dotdigital#a' } };
      const { Item } = await deployment.setup.dynamodb.send(new GetItemCommand({ TableName: table, Key }));
      return Number(Item?.expiresAt?.N) * 1_000;
    };
    await redrive({});
    const month = deployment.setup.now() + 29 * 86_400_000;
    expect(await expiryIn(deployment.setup.tables.ledger)).toBeGreaterThan(month);
    expect(await expiryIn(deployment.setup.tables.archive)).toBeGreaterThan(month);
  });

  test('a dry run changes nothing', async () => {
    await dead('a');
    expect((await redrive({ dryRun: true })).body).toMatchObject({ dryRun: true, matched: 1, redriven: 0 });
    expect((await stateOf('a')).state).toBe('dead');
    expect(await received()).toEqual([]);
  });

  test('a dry run asked for in the query is one, too', async () => {
    await dead('a');
    const { body } = await deployment.call('POST', '/api/dead/redrive?dryRun=true&source=dotdigital');
    expect(body).toMatchObject({ dryRun: true, matched: 1, redriven: 0 });
    expect((await stateOf('a')).state).toBe('dead');
    const unknown = await deployment.call('POST', '/api/dead/redrive?dry=true');
    expect([unknown.status, (await stateOf('a')).state]).toEqual([400, 'dead']);
  });

  test('takes filters and ids, and names the ids that do not match', async () => {
    await dead('a');
    await dead('b', 'quarantined', 5_000);
    expect((await redrive({ state: 'quarantined', dryRun: true })).body.ids).toEqual([
      { source: 'dotdigital', id: 'b' },
    ]);
    expect((await redrive({ before: 2_000, dryRun: true })).body.matched).toBe(1);
    expect((await redrive({ source: 'chargify' })).body.matched).toBe(0);
    const { body } = await redrive({ ids: ['dotdigital/a', 'dotdigital/none'] });
    expect(body.ids).toEqual([{ source: 'dotdigital', id: 'a' }]);
    expect(body.failed).toEqual([
      { source: 'dotdigital', id: 'none', problem: expect.stringContaining('not found') },
    ]);
    expect(await received()).toEqual(['a']);
  });

  test('two at once: neither relies on the other one, so there may be two copies, and nothing is left marked', async () => {
    await dead('a');
    const answers = await Promise.all([redrive({}), redrive({})]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
    expect(new Set(await received())).toEqual(new Set(['a']));
    expect(await stateOf('a')).toMatchObject({ state: 'queued', reason: null });
  });

  test('with SQS down the entry is marked, and the next redrive sends it', async () => {
    await dead('a', 'quarantined');
    await deployment.sqsServer.stop();
    const { body } = await redrive({});
    expect(body.failed).toEqual([
      { source: 'dotdigital', id: 'a', problem: expect.stringContaining('could not be sent') },
    ]);
    expect(body.redriven).toBe(0);
    expect(await stateOf('a')).toMatchObject({
      state: 'queued',
      reason: expect.stringContaining('redrive it again'),
    });
    await deployment.sqsServer.start();
    expect((await redrive({ state: 'dead' })).body.matched).toBe(0);
    expect((await redrive({ state: 'quarantined' })).body.redriven).toBe(1);
    expect(await received()).toEqual(['a']);
    expect((await redrive({})).body.matched).toBe(0);
  });

  test('an event whose redrive was cut short is sent when the provider sends it again', async () => {
    await dead('a');
    await deployment.parts.ledger.reopen('dotdigital', 'a');
    const entry = { source: 'dotdigital', id: 'a', kind: 'event', receivedAt: 3_000 } as const;
    const envelope = { ...entry, headers: {}, subpath: '', body: '' };
    expect(await accept(deployment.parts, entry, envelope)).toBe('accepted');
    expect(await received()).toEqual(['a']);
  });

  test('an event without its payload stays where it is', async () => {
    await deployment.seed({ id: 'a', state: 'dead' });
    expect((await redrive({})).body.failed[0].problem).toContain('not archived');
    expect((await stateOf('a')).state).toBe('dead');
  });

  test.each([
    ['[]', 'JSON object'],
    ['nonsense', 'not JSON'],
    ['{"state":"applied"}', 'quarantined and dead'],
    ['{"ids":"a"}', 'list'],
    ['{"ids":["a"]}', '<source>/<id>'],
    ['{"dryRun":"yes"}', 'true or false'],
    ['{"all":true}', 'unknown key'],
    ['{"source":5}', 'source'],
  ])('answers 400 to %s', async (body, hint) => {
    expect(await redrive(body)).toMatchObject({
      status: 400,
      body: { message: expect.stringContaining(hint) },
    });
  });
});

/** A client whose eventual reads of one item see nothing yet: as on a replica that is behind. */
function withoutLatest(dynamodb: DynamoDBClient): DynamoDBClient {
  return Object.create(dynamodb, {
    send: {
      value: async (command: Parameters<typeof dynamodb.send>[0]) =>
        command instanceof GetItemCommand && !command.input.ConsistentRead ? {} : dynamodb.send(command),
    },
  });
}

describe('POST /api/events/{source}/{id}/replay', () => {
  const replay = (id: string) => deployment.call('POST', `/api/events/dotdigital/${id}/replay`);

  test('finds an envelope that was archived a moment ago', async () => {
    await dead('a');
    const { parts, setup } = deployment;
    const late = withoutLatest(setup.dynamodb);
    const archive = new Archive(late, setup.tables.archive, parts.inbox, 0, setup.now);
    await replayEvent({ ...parts, archive, dynamodb: late }, 'dotdigital', 'a');
    expect(await received()).toEqual(['a']);
  });

  test('sends the archived envelope; a settled event keeps its state', async () => {
    await deployment.seed({ id: 'a', state: 'applied' });
    await deployment.archive({ id: 'a' });
    expect((await replay('a')).body).toEqual({
      source: 'dotdigital',
      id: 'a',
      was: 'applied',
      state: 'applied',
    });
    expect((await stateOf('a')).state).toBe('applied');
    expect(await received()).toEqual(['a']);
  });

  test('puts a dead event back in flight', async () => {
    await dead('a');
    expect((await replay('a')).body).toMatchObject({ was: 'dead', state: 'queued' });
    expect(await received()).toEqual(['a']);
  });

  test('mends an event in flight that has lost its message', async () => {
    await deployment.seed({ id: 'a', state: 'queued' });
    await deployment.archive({ id: 'a' });
    expect((await audit(deployment.parts, { patienceMs: 0 })).balanced).toBe(false);
    await replay('a');
    expect((await audit(deployment.parts)).balanced).toBe(true);
  });

  test('unknown: 404; not archived, or a split batch: 409', async () => {
    await deployment.seed({ id: 'bare', state: 'applied' });
    await deployment.seed({ id: 'batch', kind: 'batch', state: 'split' });
    expect((await replay('nobody')).status).toBe(404);
    expect((await replay('bare')).status).toBe(409);
    expect((await replay('batch')).body.message).toContain('one by one');
  });
});
