import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { AuditReport, EventDetail, EventPage } from '../../../functions/api/types.ts';
import { handlers } from '../../../handlers/index.ts';
import { removeRunFile, writeRunFile } from '../../../local/run-file.ts';
import { type LocalInlet, startLocal } from '../../../local/stack.ts';
import { inlet, jsonLines } from './command.ts';

const folder = mkdtempSync(join(tmpdir(), 'inlet-cli-'));
const configFile = join(folder, 'config.json');
const config = {
  sources: {
    dotdigital: { provider: 'dotdigital' },
    shop: { provider: 'chargify', handler: 'fulfil-order' },
    tasks: { provider: 'tasks', headers: ['x-mine'] },
  },
};

let local: LocalInlet;

beforeAll(async () => {
  writeFileSync(configFile, JSON.stringify(config));
  local = await startLocal({
    config,
    handlers,
    secrets: { shop: ['the secret of the shop'] },
    data: 'memory',
    port: 0,
    log: { log: () => {} },
  });
  // As npm start leaves it, so that the commands find the address, the token and the development secrets.
  const { url, token, developmentSecrets } = local;
  writeRunFile({ port: local.port, data: folder }, { url, token, developmentSecrets, pid: process.pid });
});

afterAll(async () => {
  removeRunFile({ port: local.port, data: folder });
  await local.stop();
});

const env = {
  INLET_CONFIG: configFile,
  INLET_DATA: folder,
  INLET_SECRETS: '{"shop":["the secret of the shop"]}',
};
const run = (...words: string[]) => inlet(words, { env });

/** Asks until nothing is in flight, for at most ten seconds. */
async function settled(): Promise<AuditReport> {
  for (const deadline = Date.now() + 10_000; ; ) {
    const answer = await fetch(`${local.url}/api/audit`, {
      headers: { authorization: `Bearer ${local.token}` },
    });
    const report = (await answer.json()) as AuditReport;
    if (report.total.inFlight === 0 || Date.now() > deadline) return report;
  }
}

describe('inlet send', () => {
  test('signs a sample with the development secret, and says what became of it', async () => {
    const { code, out } = await run('send', 'dotdigital', '--seed', '7');
    expect(out).toBe('202 accepted dotdigital/00000000-0000-4000-8000-000000000007 message.sent\n');
    expect(code).toBe(0);
    expect((await run('send', 'dotdigital', '--seed', '7')).out).toContain('202 duplicate');
  });

  test('takes the secret from INLET_SECRETS or --secret, and ends with 1 when refused', async () => {
    const sent = await run('send', 'shop', '--type', 'customer_update', '--seed', '4', '--json');
    expect(jsonLines(sent)).toEqual([
      {
        status: 200,
        outcome: 'accepted',
        delivery: 'shop/142000004',
        type: 'customer_update',
      },
    ]);
    const refused = await run('send', 'shop', '--secret', 'wrong');
    expect(refused.code).toBe(1);
    expect(refused.out).toBe('401 rejected - payment_success\n');
  });

  test('sends all revisions shuffled: only the newest stays', async () => {
    const { out } = await run(
      'send',
      'dotdigital',
      '--count',
      '3',
      '--repeat',
      '3',
      '--shuffle',
      '--seed',
      '90',
    );
    const lines = out.trim().split('\n');
    expect(lines).toHaveLength(9);
    expect(lines.filter((line) => line.includes(' accepted '))).toHaveLength(3);
    const again = await run(
      'send',
      'dotdigital',
      '--count',
      '3',
      '--repeat',
      '3',
      '--shuffle',
      '--seed',
      '90',
    );
    expect(again.out.replaceAll('duplicate', '')).toBe(out.replaceAll(/accepted|duplicate/g, ''));
    expect((await settled()).balanced).toBe(true);
    const { events } = JSON.parse((await run('events', '--source', 'dotdigital', '--json')).out) as EventPage;
    const read = events.find(({ id }) => id === '00000000-0000-4000-8002-00000000005a');
    expect(read?.state).toBe('applied');
  });

  test("sends a body of one's own, at a rate, to a URL, with headers", async () => {
    const body = join(folder, 'body.json');
    writeFileSync(body, '{"batchid":"b","id":1,"owner":"Ada","priority":"Low"}');
    const url = `${local.url}/webhooks/tasks`;
    const { out } = await run(
      'send',
      'tasks',
      '--url',
      url,
      '--data',
      body,
      '--rate',
      '1000',
      '--header',
      'X-Mine: 5',
    );
    expect(out).toBe('200 accepted tasks/b:1 task\n');
    const event = JSON.parse((await run('event', 'tasks/b:1')).out) as EventDetail;
    expect(event.headers?.['x-mine']).toBe('5');
  });

  test.each([
    [['send', 'nobody'], 'The sources are: dotdigital, shop, tasks'],
    [['send', 'shop', '--type', 'nothing'], 'samples of payment_success, customer_update'],
    [['send', 'shop', '--count', '0'], 'whole number'],
    [['send', 'shop', '--url', 'nonsense'], 'whole URL'],
    [['send', 'shop', '--data', '/not/there'], 'cannot be read'],
    [['send', 'shop', '--header', 'nonsense'], 'name: value'],
    [['send'], "missing required argument 'source'"],
  ])('%j: 2 and what to write', async (words, hint) => {
    const { code, err } = await run(...words);
    expect(code).toBe(2);
    expect(err).toContain(hint);
    expect(err).not.toMatch(/\n\s+at /);
  });
});

describe('inlet events, event, sources', () => {
  test('print a line an event when piped, without a heading', async () => {
    await run('send', 'tasks', '--seed', '500');
    const { out } = await run('events', '--source', 'tasks', '--after', '1h', '--limit', '1');
    expect(out.trim().split('\n')).toHaveLength(1);
    expect(out).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z\ttasks\t33333333-.*:0\ttask\t/);
  });

  test('find an event by id alone, by source and id, and percent-encoded', async () => {
    await run('send', 'tasks', '--seed', '501');
    const id = '33333333-3333-4333-8333-000000000005:1';
    for (const words of [[id], [`tasks/${id}`], ['tasks', id], [`tasks/${encodeURIComponent(id)}`]]) {
      const event = JSON.parse((await run('event', ...words)).out) as EventDetail;
      expect(event).toMatchObject({ source: 'tasks', id, payload: { id: 1 } });
    }
  });

  test('an event that is not there: 1', async () => {
    expect(await run('event', 'tasks/none')).toMatchObject({
      code: 1,
      out: '',
      err: expect.stringContaining('none'),
    });
    expect(await run('event', 'none')).toMatchObject({
      code: 1,
      err: expect.stringContaining('in any source'),
    });
  });

  test('bad filters: 2 and what the API says', async () => {
    expect(await run('events', '--state', 'gone')).toMatchObject({
      code: 2,
      err: expect.stringContaining('queued'),
    });
    expect(await run('events', '--limit', '0')).toMatchObject({
      code: 2,
      err: expect.stringContaining('limit'),
    });
  });

  test('list the sources with their URLs', async () => {
    const { sources } = JSON.parse((await run('sources')).out) as { sources: { url: string }[] };
    expect(sources.map(({ url }) => url)).toContain(`${local.url}/webhooks/shop`);
  });
});

describe('inlet dead, replay, audit', () => {
  async function quarantine(name: string): Promise<string> {
    const body = join(folder, name);
    writeFileSync(body, `{"unfinished ${name}"`);
    const { out } = await run('send', 'dotdigital', '--data', body);
    await settled();
    return out.split(' ')[2] ?? '';
  }

  test('show what was quarantined and why, and redrive it', async () => {
    const reference = await quarantine('a');
    const listed = await run('dead', 'list');
    expect(listed.out).toContain(reference.split('/')[1]);
    expect(listed.out).toContain('\tquarantined\t');
    const shown = JSON.parse((await run('dead', 'show', reference)).out) as EventDetail;
    expect(shown).toMatchObject({ state: 'quarantined', payload: '{"unfinished a"' });
    const preview = JSON.parse((await run('dead', 'redrive', reference, '--dry-run')).out);
    expect(preview).toMatchObject({ dryRun: true, matched: 1, redriven: 0 });
    const done = await run('dead', 'redrive', '--source', 'dotdigital', '--state', 'quarantined');
    expect(done.code).toBe(0);
    expect(JSON.parse(done.out).redriven).toBe(1);
    const report = await settled();
    expect([report.balanced, report.total.quarantined]).toEqual([true, 1]);
  });

  test('redrive wants to know which', async () => {
    expect(await run('dead', 'redrive')).toMatchObject({ code: 2, err: expect.stringContaining('--all') });
    const missing = await run('dead', 'redrive', 'tasks/none');
    expect(missing).toMatchObject({ code: 1, err: expect.stringContaining('tasks/none') });
  });

  test('replay applies nothing twice', async () => {
    const { out } = await run('send', 'shop', '--seed', '3');
    await settled();
    const reference = out.split(' ')[2] ?? '';
    const before = (await run('event', reference)).out;
    expect(JSON.parse((await run('replay', reference)).out)).toMatchObject({
      was: 'applied',
      state: 'applied',
    });
    expect((await settled()).balanced).toBe(true);
    expect((await run('event', reference)).out).toBe(before);
  });

  test('the audit ends with 1 when an event has lost its message', async () => {
    const { ledgerId, listingPartition } = await import('../../../functions/store/ledger/entry.ts');
    const { PutItemCommand } = await import('@aws-sdk/client-dynamodb');
    expect((await run('audit')).code).toBe(0);
    const id = ledgerId('tasks', 'lost');
    const { dynamodb, tables } = local.setup;
    await dynamodb.send(
      new PutItemCommand({
        TableName: tables.ledger,
        Item: {
          id: { S: id },
          source: { S: 'tasks' },
          key: { S: 'lost' },
          state: { S: 'queued' },
          receivedAt: { N: '1' },
          listing: { S: listingPartition('tasks', 'lost') },
        },
      }),
    );
    const { code, out, err } = await run('audit');
    expect(code).toBe(1);
    expect(JSON.parse(out).problems).toMatchObject([{ source: 'tasks', id: 'lost' }]);
    expect(err).toContain('does not balance');
  });
});

describe('the address and the token', () => {
  test('a wrong token: 2 and where to find the right one', async () => {
    const result = await run('events', '--token', 'wrong');
    expect(result).toMatchObject({ code: 2, err: expect.stringContaining('--token') });
  });

  test('nobody there: 2 and how to start it', async () => {
    for (const words of [['audit'], ['send', 'tasks']]) {
      const { code, err } = await run(...words, '--url', 'http://127.0.0.1:1');
      expect([code, err]).toEqual([2, expect.stringContaining('npm start')]);
    }
  });

  test('are found by port, and in the environment', async () => {
    const byPort = await inlet(['sources'], {
      env: { ...env, INLET_DATA: 'memory', PORT: String(local.port) },
    });
    expect(byPort.code).toBe(0);
    const { url: INLET_URL, token: INLET_TOKEN } = local;
    const byEnvironment = await inlet(['sources'], { env: { INLET_DATA: 'memory', INLET_URL, INLET_TOKEN } });
    expect(byEnvironment.code).toBe(0);
  });

  test('a stage and a URL at once, or a stage where none is taken: 2', async () => {
    const both = await run('audit', '--stage', 'prod', '--url', local.url);
    expect([both.code, both.err]).toEqual([2, 'Write either --stage or --url.\n']);
    const sent = await run('send', 'tasks', '--stage', 'prod');
    expect([sent.code, sent.err]).toEqual([2, expect.stringContaining('inlet sources --stage prod')]);
  });
});

describe('usage', () => {
  test('help has examples, for every command', async () => {
    const commands = [
      '',
      'verify',
      'send',
      'audit',
      'events',
      'event',
      'replay',
      'reclaim',
      'dead list',
      'dead redrive',
      'sources',
      'tail',
      'doctor',
    ];
    const results = await Promise.all(
      commands.map((words) => run(...words.split(' ').filter(Boolean), '--help')),
    );
    for (const { code, out } of results)
      expect([code, out]).toEqual([0, expect.stringContaining('Examples:')]);
  });

  test('an unknown command or option: 2', async () => {
    expect((await run('nothing')).code).toBe(2);
    expect((await run('audit', '--nothing')).code).toBe(2);
    expect((await run()).code).toBe(2);
  });
});
