/** Ids longer than DynamoDB's keys are cut when they are stored, and found by the provider's own text. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { boundKey, boundText, MAX_ID_BYTES } from '../../../functions/core/bounds.ts';
import { type Deployment, startDeployment } from './deployment.ts';

let deployment: Deployment;
const id = `e-${'0123456789'.repeat(60)}`;
const subject = `s-${'0123456789'.repeat(60)}`;

const type = 't'.repeat(300);
const tenant = `${'n'.repeat(255)}😀${'n'.repeat(50)}`;

beforeAll(async () => {
  deployment = await startDeployment();
  await deployment.seed({ id: 'wordy', type: boundText(type), tenant: boundText(tenant), state: 'dead' });
  await deployment.seed({ id: boundKey(id), subject: boundKey(subject), state: 'dead' });
});

afterAll(() => deployment.close());

const call = (request: string, body?: unknown) => {
  const [method = '', path = ''] = request.split(' ');
  return deployment.call(method, path, body);
};

test('an event is found by a long id, by a long subject, and redriven by it', async () => {
  expect((await call(`GET /api/events/dotdigital/${id}`)).body.id).toBe(boundKey(id));
  for (const query of [`id=${id}`, `subject=${subject}`])
    expect([query, (await call(`GET /api/events?${query}`)).body.events]).toEqual([
      query,
      [expect.anything()],
    ]);
  const { body } = await call('POST /api/dead/redrive', { ids: [`dotdigital/${id}`], dryRun: true });
  expect(body).toMatchObject({ matched: 1, failed: [] });
});

test('a type and a tenant that were cut are found by the whole text and by what is shown', async () => {
  const names: [string, string][] = [
    ['type', type],
    ['tenant', tenant],
  ];
  for (const query of names.flatMap(([name, text]) => [{ [name]: text }, { [name]: boundText(text) }])) {
    const { body } = await call(`GET /api/events?${new URLSearchParams(query)}`);
    expect(body.events).toMatchObject([{ id: 'wordy' }]);
  }
  const { body } = await call('POST /api/dead/redrive', { type, dryRun: true });
  expect(body.matched).toBe(1);
});

test('a redrive names what it did not find as it was asked for', async () => {
  const unknown = `${id}-none`;
  for (const request of [
    { ids: [`dotdigital/${unknown}`] },
    { source: 'dotdigital', ids: [unknown] },
  ] as const) {
    const { body } = await call('POST /api/dead/redrive', request);
    expect(body.failed).toEqual([
      { source: 'dotdigital', id: unknown, problem: 'not found among the events that match' },
    ]);
  }
});

test.each([
  ['one byte', 'x'.repeat(3_000)],
  ['four', encodeURIComponent('😀'.repeat(600))],
])(
  'a name longer than any key, each character of %s, is not found, and no error of ours',
  async (_, name) => {
    for (const [request, status] of [
      [`GET /api/events/dotdigital/${name}`, 404],
      [`GET /api/events/${name}/x`, 404],
      [`GET /api/subjects/dotdigital/${name}`, 404],
      [`GET /api/subjects/${name}/x`, 404],
      [`GET /api/events?id=${name}`, 200],
      [`GET /api/events?subject=${name}`, 200],
      [`GET /api/events?source=${name}`, 400],
      [`GET /api/events?source=${name}&id=x`, 400],
      [`GET /api/events?source=${name}&state=dead`, 400],
      [`POST /api/events/dotdigital/${name}/replay`, 404],
    ] as const)
      expect([request, (await call(request)).status]).toEqual([request, status]);
  },
);

test('a cursor with an id longer than any key is refused, and no error of ours', async () => {
  const cursorOf = (content: unknown) => Buffer.from(JSON.stringify(content)).toString('base64url');
  const tooLong = 'x'.repeat(MAX_ID_BYTES + 1);
  for (const [content, status] of [
    [[1, 'x'.repeat(MAX_ID_BYTES)], 200],
    [[1, tooLong], 400],
    [[1, '€'.repeat(MAX_ID_BYTES / 2)], 400],
    [[1, 'x', [tooLong, null, null, null]], 400],
    // Every id belongs to one segment of the four.
    [[1, 'x', ['y', 'y', 'y', 'y']], 400],
  ] as const) {
    const cursor = cursorOf(content);
    for (const answer of [
      await call(`GET /api/events?state=dead&cursor=${cursor}`),
      await call('POST /api/dead/redrive', { cursor, dryRun: true }),
    ])
      expect([content, answer.status]).toEqual([content, status]);
  }
});
