/** `inlet reclaim`: which events it takes back, and what it says of them. */
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { Backend } from '../../../cli/backend.ts';
import { CliError } from '../../../cli/cli-error.ts';
import { reclaim } from '../../../cli/reclaim.ts';
import { ApiError } from '../../../functions/api/api-error.ts';
import { audit } from '../../../functions/api/audit.ts';
import { getEvent } from '../../../functions/api/get-event.ts';
import { listSources } from '../../../functions/api/list-sources.ts';
import { reclaimEvent } from '../../../functions/api/reclaim.ts';
import type { ReclaimResult } from '../../../functions/api/types.ts';
import { type Deployment, startDeployment } from '../api/deployment.ts';

let deployment: Deployment;

beforeEach(async () => {
  deployment = await startDeployment();
});
afterEach(() => deployment.close());

/** What the command prints as JSON, and the message of its error. */
async function run(words: readonly string[], all = false) {
  const { parts } = deployment;
  const explained = <T>(answer: Promise<T>) =>
    answer.catch((error: unknown) => {
      throw error instanceof ApiError ? new CliError(error.message, 1) : error;
    });
  const backend = {
    audit: () => audit(parts, { patienceMs: 0 }),
    sources: async () => listSources(parts.sources),
    event: (source: string, id: string) => explained(getEvent(parts, source, id)),
    reclaim: (source: string, id: string) => explained(reclaimEvent(parts, source, id)),
  } as unknown as Backend;
  const lines: string[] = [];
  const output = { human: false, json: true, width: 120, line: (line: string) => void lines.push(line) };
  const problem = await reclaim(output, backend, { words, all }).then(
    () => undefined,
    (error: Error) => error.message,
  );
  return { printed: lines[0] === undefined ? undefined : JSON.parse(lines[0]), problem };
}

const stateOf = async (id: string) => (await deployment.call('GET', `/api/events/dotdigital/${id}`)).body;

test('one event, by its source and id or by its id alone', async () => {
  for (const id of ['a', 'b/c']) await deployment.seed({ id, state: 'queued' });
  expect((await run(['dotdigital/b/c'])).printed).toMatchObject({ id: 'b/c', state: 'claimed', sent: false });
  expect((await run(['a'])).printed).toMatchObject({ source: 'dotdigital', id: 'a', state: 'claimed' });
});

test('an event that is only claimed is sent when it is archived', async () => {
  await deployment.seed({ id: 'a', state: 'claimed' });
  await deployment.archive({ id: 'a' });
  expect((await run(['dotdigital/a'])).printed).toMatchObject({
    was: 'claimed',
    state: 'queued',
    sent: true,
  });
});

test('--all takes back everything that the audit names, however many', async () => {
  await deployment.seedMany(
    Array.from({ length: 150 }, (_, n) => ({ id: `e${n}`, state: 'queued', receivedAt: 1_000 + n })),
  );
  await deployment.archive({ id: 'e149' });
  const { printed, problem } = await run([], true);
  expect([printed.reclaimed.length, printed.failed, problem]).toEqual([150, [], undefined]);
  expect(printed.reclaimed.filter(({ sent }: ReclaimResult) => sent)).toMatchObject([{ id: 'e149' }]);
  expect(await audit(deployment.parts, { patienceMs: 0 })).toMatchObject({
    balanced: true,
    total: { accepted: 1, inFlight: 1, unconfirmed: 149 },
  });
});

test('what is settled stays as it is, and is said', async () => {
  await deployment.seed({ id: 'a', state: 'applied' });
  expect((await run(['dotdigital/a'])).problem).toContain('is applied, not in flight');
  expect((await stateOf('a')).state).toBe('applied');
});

test('wants to know which', async () => {
  expect((await run([])).problem).toContain('--all');
  expect((await run(['a'], true)).problem).toContain('--all');
  expect((await run(['nobody'])).problem).toContain('There is no event nobody');
});
