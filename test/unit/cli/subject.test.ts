/** `inlet subject reset`: an operator lifts a revision that is wrong and makes everything after it stale. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { audit } from '../../../functions/api/audit.ts';
import { createApiParts } from '../../../functions/api/parts.ts';
import type { ResetResult } from '../../../functions/api/types.ts';
import type { InletConfig } from '../../../functions/config/config.ts';
import type { Handler } from '../../../functions/core/handler.ts';
import { createContext } from '../../helpers/context.ts';
import { inlet } from './command.ts';

const paths = { delivery: 'payload.id', subject: 'payload.order', revision: 'payload.revision' };
const config: InletConfig = {
  sources: {
    states: { provider: 'tasks', unsigned: true, ...paths },
    orders: { provider: 'tasks', unsigned: true, handler: 'fulfil-order', ...paths, mode: 'latest' },
  },
};
const configFile = join(mkdtempSync(join(tmpdir(), 'inlet-subject-')), 'config.json');
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
  inlet(['subject', 'reset', ...words, '--url', local.url, '--token', local.token], {
    env: { INLET_CONFIG: configFile },
  });
const resultOf = ({ out }: { readonly out: string }) => JSON.parse(out) as ResetResult;
const stateOf = async (source: string, id: string) =>
  ((await api(`/api/events/${source}/${id}`)).body as { readonly state?: string }).state;
const subjectOf = async (order: string) => (await api(`/api/subjects/states/${order}`)).body;

/** Sends an event and waits for what becomes of it. */
async function send(source: string, id: string, order: string, revision: number, state: string) {
  await post(source, JSON.stringify({ id, order, revision }), { 'content-type': 'application/json' });
  await waitFor(async () => (await stateOf(source, id)) === state);
}
const WRONG = 9_999_999_999;

test('says where it stands and changes nothing; with --yes the next event is applied', async () => {
  await send('states', 'a-1', 'o1', 1, 'applied');
  await send('states', 'a-wrong', 'o1', WRONG, 'applied');
  await send('states', 'a-2', 'o1', 2, 'stale');
  const was = {
    revision: WRONG,
    event: 'a-wrong',
    state: expect.any(String),
    updatedAt: expect.stringMatching(/^\d{4}-.+Z$/),
  };
  const preview = await run('states', 'o1');
  expect([preview.code, resultOf(preview)]).toEqual([
    0,
    { source: 'states', subject: 'o1', dryRun: true, was, reset: false },
  ]);
  expect(await subjectOf('o1')).toMatchObject({ revision: WRONG });
  expect(logged).not.toContainEqual(expect.objectContaining({ message: 'subject reset' }));

  expect(resultOf(await run('states', 'o1', '--yes'))).toMatchObject({ was, reset: true, dryRun: false });
  // The record, on the subject and in the log. What it keeps stays visible until the next event.
  const reset = { at: expect.stringMatching(/^\d{4}-.+Z$/), revision: WRONG };
  expect(await subjectOf('o1')).toMatchObject({ revision: null, payload: { id: 'a-wrong' }, reset });
  expect(logged).toContainEqual(
    expect.objectContaining({ message: 'subject reset', source: 'states', id: 'a-wrong' }),
  );
  expect(resultOf(await run('states', 'o1', '--yes'))).toMatchObject({ was: null, reset: false });

  await send('states', 'a-3', 'o1', 3, 'applied');
  expect(await subjectOf('o1')).toMatchObject({ revision: 3, payload: { id: 'a-3' }, reset });
  // What was applied and stale under the wrong revision was so rightly.
  expect(await audit(createApiParts(local.setup), { patienceMs: 0 })).toMatchObject({ problems: [] });
});

test('is refused while a handler has the subject', async () => {
  await post('orders', JSON.stringify({ id: 'b-1', order: 'o2', revision: 1 }), {
    'content-type': 'application/json',
  });
  await waitFor(async () => runs.some(({ id }) => id === 'b-1'));
  runs.find(({ id }) => id === 'b-1')?.end();
  await waitFor(async () => (await stateOf('orders', 'b-1')) === 'applied');
  await post('orders', JSON.stringify({ id: 'b-2', order: 'o2', revision: 2 }), {
    'content-type': 'application/json',
  });
  await waitFor(async () => runs.some(({ id }) => id === 'b-2'));
  const { code, err } = await run('orders', 'o2', '--yes');
  expect([code, err]).toEqual([1, expect.stringMatching(/a handler has o2 of orders until .+lease clear/)]);
  runs.find(({ id }) => id === 'b-2')?.end();
  await waitFor(async () => (await stateOf('orders', 'b-2')) === 'applied');
});

test.each([
  ['states', 'nobody', /no subject nobody of states/],
  ['state', 'o1', /no source "state"/],
])('%s %s: there is none', async (source, subject, problem) => {
  const { code, err } = await run(source, subject);
  expect([code, err]).toEqual([1, expect.stringMatching(problem)]);
});

test('the route takes nothing else, and no other value', async () => {
  const post = (body: object) =>
    api('/api/subjects/states/o1/reset', { method: 'POST', body: JSON.stringify(body) });
  expect(await post({ force: true })).toMatchObject({ status: 400, body: { message: /force/ } });
  expect((await post({ dryRun: 'yes' })).status).toBe(400);
});
