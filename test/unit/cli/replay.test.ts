import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ReplayManyResult, ReplayResult } from '../../../functions/api/types.ts';
import { createContext } from '../../helpers/context.ts';
import { inlet } from './command.ts';

const config = {
  sources: {
    shop: { provider: 'chargify', handler: 'fulfil-order' },
    orders: {
      provider: 'tasks',
      unsigned: true,
      delivery: 'payload.id',
      subject: 'payload.subject',
      revision: 'payload.revision',
    },
  },
};
const configFile = join(mkdtempSync(join(tmpdir(), 'inlet-replay-')), 'config.json');
writeFileSync(configFile, JSON.stringify(config));

const { local, post, waitFor, api } = await createContext({ config });
const run = (...words: string[]) =>
  inlet(['replay', ...words, '--url', local.url, '--token', local.token], {
    env: { INLET_CONFIG: configFile },
  });

async function send(id: string, revision: number) {
  const body = JSON.stringify({ id, subject: 's', revision });
  await post('orders', body, { 'content-type': 'application/json' });
  await waitFor(async () => {
    const { body: event } = await api(`/api/events/orders/${id}`);
    return (event as { settledAt?: string }).settledAt;
  });
}

beforeAll(async () => {
  for (const [n, id] of ['a', 'b', 'c'].entries()) await send(id, n + 1);
});

test('a filter with --dry-run tells how many would be stale, and sends nothing', async () => {
  const { code, out } = await run('--source', 'orders', '--after', '1h', '--dry-run');
  expect(code).toBe(0);
  expect(JSON.parse(out) as ReplayManyResult).toMatchObject({
    dryRun: true,
    matched: 3,
    replayed: 0,
    preview: { apply: 0, stale: 2, quarantined: 0, repeat: 1, unknown: 0 },
  });
});

test('a filter replays what matches', async () => {
  const { code, out } = await run('--subject', 's');
  expect([code, (JSON.parse(out) as ReplayManyResult).replayed]).toEqual([0, 3]);
  const { out: none } = await run('--source', 'orders', '--before', '1h');
  expect((JSON.parse(none) as ReplayManyResult).matched).toBe(0);
});

test('one event, with a preview', async () => {
  const { out } = await run('orders/a', '--dry-run');
  expect(JSON.parse(out) as ReplayResult).toMatchObject({
    dryRun: true,
    forecast: 'stale',
    state: 'applied',
  });
});

test('--force of an older revision: 1 and why', async () => {
  expect(await run('orders/a', '--force')).toMatchObject({
    code: 1,
    err: expect.stringContaining('not the newest'),
  });
});

test('wants to know which, and not in two ways', async () => {
  expect(await run()).toMatchObject({ code: 2, err: expect.stringContaining('--all') });
  expect(await run('orders/a', '--source', 'orders')).toMatchObject({
    code: 2,
    err: expect.stringContaining('not both'),
  });
});
