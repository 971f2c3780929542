/** The commands that ask about events and send them again, against an Inlet on this machine. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { EventDetail } from '../../../functions/api/types.ts';
import { type LocalCli, startLocalCli } from './local-inlet.ts';

let cli: LocalCli;

beforeAll(async () => {
  cli = await startLocalCli();
});

afterAll(() => cli.stop());

describe('inlet events, event, sources', () => {
  test('print a line an event when piped, without a heading', async () => {
    await cli.run('send', 'tasks', '--seed', '500');
    const { out } = await cli.run('events', '--source', 'tasks', '--after', '1h', '--limit', '1');
    expect(out.trim().split('\n')).toHaveLength(1);
    expect(out).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z\ttasks\t33333333-.*:0\ttask\t/);
  });

  test('find an event by id alone, by source and id, and percent-encoded', async () => {
    await cli.run('send', 'tasks', '--seed', '501');
    const id = '33333333-3333-4333-8333-000000000005:1';
    for (const words of [[id], [`tasks/${id}`], ['tasks', id], [`tasks/${encodeURIComponent(id)}`]]) {
      const event = JSON.parse((await cli.run('event', ...words)).out) as EventDetail;
      expect(event).toMatchObject({ source: 'tasks', id, payload: { id: 1 } });
    }
  });

  test('an event that is not there: 1', async () => {
    expect(await cli.run('event', 'tasks/none')).toMatchObject({
      code: 1,
      out: '',
      err: expect.stringContaining('none'),
    });
    expect(await cli.run('event', 'none')).toMatchObject({
      code: 1,
      err: expect.stringContaining('in any source'),
    });
  });

  test('bad filters: 2 and what the API says', async () => {
    expect(await cli.run('events', '--state', 'gone')).toMatchObject({
      code: 2,
      err: expect.stringContaining('queued'),
    });
    expect(await cli.run('events', '--limit', '0')).toMatchObject({
      code: 2,
      err: expect.stringContaining('limit'),
    });
  });

  test('list the sources with their URLs', async () => {
    const { sources } = JSON.parse((await cli.run('sources')).out) as { sources: { url: string }[] };
    expect(sources.map(({ url }) => url)).toContain(`${cli.local.url}/webhooks/shop`);
  });
});

describe('inlet dead, replay, audit', () => {
  async function quarantine(name: string): Promise<string> {
    const body = join(cli.folder, name);
    writeFileSync(body, `{"unfinished ${name}"`);
    const { out } = await cli.run('send', 'dotdigital', '--data', body);
    await cli.settled();
    return out.split(' ')[2] ?? '';
  }

  test('show what was quarantined and why, and redrive it', async () => {
    const reference = await quarantine('a');
    const listed = await cli.run('dead', 'list');
    expect(listed.out).toContain(reference.split('/')[1]);
    expect(listed.out).toContain('\tquarantined\t');
    const shown = JSON.parse((await cli.run('dead', 'show', reference)).out) as EventDetail;
    expect(shown).toMatchObject({ state: 'quarantined', payload: '{"unfinished a"' });
    const preview = JSON.parse((await cli.run('dead', 'redrive', reference, '--dry-run')).out);
    expect(preview).toMatchObject({ dryRun: true, matched: 1, redriven: 0 });
    const done = await cli.run('dead', 'redrive', '--source', 'dotdigital', '--state', 'quarantined');
    expect(done.code).toBe(0);
    expect(JSON.parse(done.out).redriven).toBe(1);
    const report = await cli.settled();
    expect([report.balanced, report.total.quarantined]).toEqual([true, 1]);
  });

  test('redrive wants to know which', async () => {
    expect(await cli.run('dead', 'redrive')).toMatchObject({
      code: 2,
      err: expect.stringContaining('--all'),
    });
    const missing = await cli.run('dead', 'redrive', 'tasks/none');
    expect(missing).toMatchObject({ code: 1, err: expect.stringContaining('tasks/none') });
  });

  test('replay applies nothing twice', async () => {
    const { out } = await cli.run('send', 'shop', '--seed', '3');
    await cli.settled();
    const reference = out.split(' ')[2] ?? '';
    const before = (await cli.run('event', reference)).out;
    expect(JSON.parse((await cli.run('replay', reference)).out)).toMatchObject({
      was: 'applied',
      state: 'applied',
    });
    expect((await cli.settled()).balanced).toBe(true);
    expect((await cli.run('event', reference)).out).toBe(before);
  });

  test('the audit ends with 1 when an event has lost its message', async () => {
    const { ledgerId, listingPartition } = await import('../../../functions/store/ledger/entry.ts');
    const { PutItemCommand } = await import('@aws-sdk/client-dynamodb');
    expect((await cli.run('audit')).code).toBe(0);
    const id = ledgerId('tasks', 'lost');
    const { dynamodb, tables } = cli.local.setup;
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
    const { code, out, err } = await cli.run('audit');
    expect(code).toBe(1);
    expect(JSON.parse(out).problems).toMatchObject([{ source: 'tasks', id: 'lost' }]);
    expect(err).toContain('does not balance');
  });
});
