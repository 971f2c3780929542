/** `inlet lease clear`: an operator takes a subject from a handler that does not come back. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LeaseResult } from '../../../functions/api/types.ts';
import type { InletConfig } from '../../../functions/config/config.ts';
import type { Handler } from '../../../functions/core/handler.ts';
import { createContext } from '../../helpers/context.ts';
import { inlet } from './command.ts';

const paths = { delivery: 'payload.id', subject: 'payload.order', revision: 'payload.revision' };
const config: InletConfig = {
  sources: {
    orders: { provider: 'tasks', unsigned: true, handler: 'fulfil-order', mode: 'latest', ...paths },
  },
};
const configFile = join(mkdtempSync(join(tmpdir(), 'inlet-lease-')), 'config.json');
writeFileSync(configFile, JSON.stringify(config));

/** Each run by its event; it ends when the test says so. */
const runs: { readonly id: string; readonly end: () => void }[] = [];
const handler: Handler = {
  name: 'fulfil-order',
  description: 'Takes until the test ends it.',
  handle: ({ id }) => new Promise((resolve) => void runs.push({ id, end: resolve })),
};
const { local, logged, post, waitFor, api } = await createContext({
  config,
  handlers: { 'fulfil-order': handler },
});
const run = (...words: string[]) =>
  inlet(['lease', 'clear', ...words, '--url', local.url, '--token', local.token], {
    env: { INLET_CONFIG: configFile },
  });
const resultOf = ({ out }: { readonly out: string }) => JSON.parse(out) as LeaseResult;
const stateOf = async (id: string) =>
  ((await api(`/api/events/orders/${id}`)).body as { readonly state?: string }).state;
const runsOf = (id: string) => runs.filter((one) => one.id === id);

async function send(id: string, order: string, revision: number): Promise<void> {
  await post('orders', JSON.stringify({ id, order, revision }), { 'content-type': 'application/json' });
}
/** A handler that is at work on an order, and does not end. */
async function stuck(id: string, order: string): Promise<void> {
  await send(id, order, 1);
  await waitFor(async () => runsOf(id).length === 1);
}

test('says whose lease it was and until when, and lets the next event in', async () => {
  await stuck('dead', 'o/1 ä');
  const cleared = await run('orders', 'o/1 ä');
  expect([cleared.code, resultOf(cleared)]).toEqual([
    0,
    {
      source: 'orders',
      subject: 'o/1 ä',
      lease: { event: 'dead', until: expect.stringMatching(/^\d{4}-.+Z$/) },
      cleared: true,
      dryRun: false,
    },
  ]);
  expect(Date.parse(resultOf(cleared).lease?.until ?? '')).toBeGreaterThan(Date.now() + 60_000);
  expect(logged).toContainEqual(
    expect.objectContaining({ message: 'lease cleared', source: 'orders', id: 'dead' }),
  );
  await send('next', 'o/1 ä', 2);
  await waitFor(async () => runsOf('next').length === 1);
  for (const { end } of runs) end();
  await waitFor(async () => (await stateOf('next')) === 'applied');
  // It came back and found the newer one.
  await waitFor(async () => (await stateOf('dead')) === 'stale');
  expect(logged.filter(({ id, outcome }) => id === 'dead' && outcome === 'lease-lost')).toHaveLength(1);
});

test('a handler that was at work after all cannot commit, and its event runs again', async () => {
  await stuck('slow', 'o2');
  await run('orders', 'o2');
  runsOf('slow')[0]?.end();
  await waitFor(async () => runsOf('slow').length === 2);
  expect(await stateOf('slow')).toBe('queued');
  runsOf('slow')[1]?.end();
  await waitFor(async () => (await stateOf('slow')) === 'applied');
  const { code, out } = await run('orders', 'o2');
  expect([code, JSON.parse(out)]).toMatchObject([0, { lease: null, cleared: false }]);
});

test('with --dry-run changes nothing', async () => {
  await stuck('looked-at', 'o3');
  const foretold = await run('orders', 'o3', '--dry-run');
  expect(resultOf(foretold)).toMatchObject({ lease: { event: 'looked-at' }, cleared: false, dryRun: true });
  runsOf('looked-at')[0]?.end();
  await waitFor(async () => (await stateOf('looked-at')) === 'applied');
  expect(runsOf('looked-at')).toHaveLength(1);
});

test.each([
  ['orders', 'nobody', /no subject and no event nobody of orders/],
  ['order', 'o2', /no source "order"/],
])('%s %s: there is none', async (source, subject, problem) => {
  const { code, err } = await run(source, subject);
  expect([code, err]).toEqual([1, expect.stringMatching(problem)]);
});

test('the route takes nothing else, and no other value', async () => {
  const post = (body: object) =>
    api('/api/subjects/orders/o2/clear-lease', { method: 'POST', body: JSON.stringify(body) });
  expect(await post({ force: true })).toMatchObject({ status: 400, body: { message: /force/ } });
  expect((await post({ dryRun: 'yes' })).status).toBe(400);
});
