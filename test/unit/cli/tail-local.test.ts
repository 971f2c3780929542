/** `inlet tail` of a local Inlet: by the console's feed, from one server to the next. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Output } from '../../../cli/output.ts';
import { type TailLocalOptions, tailLocal } from '../../../cli/tail-local.ts';
import { TailView } from '../../../cli/tail-view.ts';
import type { EventSummary } from '../../../functions/api/types.ts';
import { type LocalInlet, startLocal } from '../../../local/stack.ts';
import { waitFor } from '../../helpers/wait-for.ts';
import { inlet } from './command.ts';

const sources = {
  orders: {
    provider: 'tasks',
    unsigned: true,
    delivery: 'payload.id',
    subject: 'payload.subject',
    revision: 'payload.revision',
    type: 'payload.type',
  },
  others: { provider: 'tasks', unsigned: true, delivery: 'payload.id' },
};
const folder = mkdtempSync(join(tmpdir(), 'inlet-tail-'));
const configFile = join(folder, 'config.json');
writeFileSync(configFile, JSON.stringify({ sources }));
const start = (port = 0) =>
  startLocal({ config: { sources }, data: join(folder, 'data'), port, log: { log: () => {} } });

let local: LocalInlet;
beforeAll(async () => {
  local = await start();
});
afterAll(async () => {
  await local.stop();
  rmSync(folder, { recursive: true });
});

async function post(source: string, body: Readonly<Record<string, unknown>>) {
  const response = await fetch(`${local.url}/webhooks/${source}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  expect(response.status).toBe(200);
}

/** Follows in the background. */
function follow(options: Partial<TailLocalOptions>, { human = false, json = false } = {}) {
  const lines: string[] = [];
  const ended = new AbortController();
  const output: Output = { human, json, width: 300, line: (text) => void lines.push(text) };
  const target = () => ({ origin: local.url, token: local.token, run: undefined });
  const done = tailLocal(output, { follow: true, ...options }, ended.signal, target);
  return { lines, done, stop: () => ended.abort() };
}

test('prints one line for each event as it settles, and ends after --count', async () => {
  await post('orders', { id: 'before', subject: 'b', revision: 1 });
  const { lines, done } = follow({ count: 2, source: 'orders', since: '1h' });
  await waitFor(() => lines.length === 1);
  await post('others', { id: 'not-asked-for' });
  await post('orders', { id: 'first', subject: 's', revision: 2, type: 'paid' });
  await done;
  const rows = lines.map((line) => line.split('\t'));
  expect(rows.map(([, ...row]) => row)).toEqual([
    ['orders', 'before', '', 'b', '1', 'applied', '1', ''],
    ['orders', 'first', 'paid', 's', '2', 'applied', '1', ''],
  ]);
});

test('filters by state, type and id, and prints JSON', async () => {
  const since = '1h';
  const byState = follow({ since, state: 'stale' }, { json: true });
  const byType = follow({ since, type: 'refunded', count: 1 }, { json: true });
  const byId = follow({ since, id: 'newer', count: 1 }, { json: true });
  await post('orders', { id: 'newer', subject: 't', revision: 5, type: 'paid' });
  await post('orders', { id: 'older', subject: 't', revision: 4, type: 'refunded' });
  await Promise.all([byType.done, byId.done, waitFor(() => byState.lines.length === 1)]);
  byState.stop();
  await byState.done;
  const [stale] = byState.lines.map((line) => JSON.parse(line) as EventSummary);
  expect(stale).toMatchObject({ id: 'older', state: 'stale', revision: 4 });
  expect(JSON.parse(byType.lines[0] ?? '')).toMatchObject({ id: 'older' });
  expect(JSON.parse(byId.lines[0] ?? '')).toMatchObject({ id: 'newer', state: 'applied' });
});

test('goes on after a restart of the server', async () => {
  await post('others', { id: 'before-restart' });
  // With its past, so that the first line shows that it has begun, however busy the computer is.
  const { lines, done, stop } = follow({ source: 'others', since: '1h' });
  await waitFor(() => lines.some((line) => line.includes('\tbefore-restart\t')));
  const { port } = local;
  await local.stop();
  local = await start(port);
  await post('others', { id: 'after-restart' });
  await waitFor(() => lines.some((line) => line.includes('\tafter-restart\t')));
  stop();
  await done;
  expect(new Set(lines).size).toBe(lines.length);
});

test('says at once what is wrong', async () => {
  await expect(follow({ state: 'done' }).done).rejects.toThrow('--state done: write one of queued');
  await expect(follow({ since: 'soon' }).done).rejects.toThrow('--since soon');
  await expect(follow({ source: 'nobody', since: '1h' }).done).rejects.toThrow('there is no source "nobody"');
});

describe('as a command', () => {
  const run = (...words: string[]) =>
    inlet(['tail', '--url', local.url, '--token', local.token, ...words], {
      env: { INLET_CONFIG: configFile },
    });

  test('is quiet when piped, and refuses a wrong token', async () => {
    const { code, out, err } = await run('--since', '1h', '--no-follow', '--id', 'first');
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatch(/^\S+\torders\tfirst\t[^\n]*\n$/);
    expect((await run('--token', 'wrong')).code).toBe(2);
  });

  test('ends on Ctrl-C with 0', async () => {
    const { code } = await inlet(['tail', '--url', local.url, '--token', local.token], { interrupt: 1500 });
    expect(code).toBe(0);
  });
});

describe('the view', () => {
  const event: EventSummary = {
    source: 'orders',
    id: '1',
    type: 'paid\u001b[2J',
    subject: 's',
    revision: 1,
    tenant: null,
    state: 'queued',
    attempts: 0,
    receivedAt: '2026-11-20T12:00:00.000Z',
    settledAt: null,
    reason: null,
  };
  const settled = { ...event, state: 'dead', attempts: 2, settledAt: '2026-11-20T12:00:00.500Z' };

  function view(human: boolean) {
    const lines: string[] = [];
    const output: Output = { human, json: false, width: 200, line: (text) => void lines.push(text) };
    return { lines, tail: new TailView(output, {}) };
  }

  test('colours the state, and no escape sequence of a provider', () => {
    const { lines, tail } = view(true);
    tail.show([settled]);
    expect(lines).toEqual([
      '12:00:00.500 orders       \u001b[31mdead        \u001b[39m   500 ms  paid\\u001b[2J     1  subject s  revision 1  2 attempts',
    ]);
  });

  test('watches what is in flight until it settles, and tells nothing twice but a redrive', () => {
    const { lines, tail } = view(false);
    tail.show([event]);
    expect([lines.length, tail.watched().length]).toEqual([0, 1]);
    tail.show([settled]);
    tail.show([settled]);
    expect([lines.length, tail.watched().length]).toEqual([1, 0]);
    tail.show([{ ...settled, state: 'applied', settledAt: '2026-11-20T12:00:09.000Z' }]);
    expect(lines).toHaveLength(2);
    tail.watch(Array.from({ length: 300 }, (_, n) => ({ ...event, id: `many-${n}` })));
    expect(tail.watched()).toHaveLength(100);
    expect(tail.watched().at(-1)?.id).toBe('many-299');
  });
});
