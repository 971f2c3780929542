/** `inlet send`: samples, signed as their provider would. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { EventDetail, EventPage } from '../../../functions/api/types.ts';
import { jsonLines } from './command.ts';
import { type LocalCli, startLocalCli } from './local-inlet.ts';

let cli: LocalCli;

beforeAll(async () => {
  cli = await startLocalCli();
});

afterAll(() => cli.stop());

describe('inlet send', () => {
  test('signs a sample with the development secret, and says what became of it', async () => {
    const { code, out } = await cli.run('send', 'dotdigital', '--seed', '7');
    expect(out).toBe('202 accepted dotdigital/00000000-0000-4000-8000-000000000007 message.sent\n');
    expect(code).toBe(0);
    expect((await cli.run('send', 'dotdigital', '--seed', '7')).out).toContain('202 duplicate');
  });

  test('takes the secret from INLET_SECRETS or --secret, and ends with 1 when refused', async () => {
    const sent = await cli.run('send', 'shop', '--type', 'customer_update', '--seed', '4', '--json');
    expect(jsonLines(sent)).toEqual([
      {
        status: 200,
        outcome: 'accepted',
        delivery: 'shop/142000004',
        type: 'customer_update',
      },
    ]);
    const refused = await cli.run('send', 'shop', '--secret', 'wrong');
    expect(refused.code).toBe(1);
    expect(refused.out).toBe('401 rejected - payment_success\n');
  });

  test('sends all revisions shuffled: only the newest stays', async () => {
    const { out } = await cli.run(
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
    const again = await cli.run(
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
    expect((await cli.settled()).balanced).toBe(true);
    const { events } = JSON.parse(
      (await cli.run('events', '--source', 'dotdigital', '--json')).out,
    ) as EventPage;
    const read = events.find(({ id }) => id === '00000000-0000-4000-8002-00000000005a');
    expect(read?.state).toBe('applied');
  });

  test("sends a body of one's own, at a rate, to a URL, with headers", async () => {
    const body = join(cli.folder, 'body.json');
    writeFileSync(body, '{"batchid":"b","id":1,"owner":"Ada","priority":"Low"}');
    const url = `${cli.local.url}/webhooks/tasks`;
    const { out } = await cli.run(
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
    const event = JSON.parse((await cli.run('event', 'tasks/b:1')).out) as EventDetail;
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
    const { code, err } = await cli.run(...words);
    expect(code).toBe(2);
    expect(err).toContain(hint);
    expect(err).not.toMatch(/\n\s+at /);
  });
});
