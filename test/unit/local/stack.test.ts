import { createContext } from '../../helpers/context.ts';

const { local, logged, post, api, waitFor } = await createContext({
  config: { sources: { tasks: { provider: 'tasks' } } },
});
const headers = {
  'content-type': 'application/json',
  'x-inlet-secret': local.developmentSecrets.tasks ?? '',
};
const task = (id: number) => JSON.stringify({ batchid: 'batch', id, owner: 'Ada', priority: 'Low' });

const untilApplied = (id: string) =>
  waitFor(
    async () => {
      const { body } = await api('/api/events?state=applied');
      return (body as { events: { id: string }[] }).events.some((event) => event.id === id);
    },
    { what: `event ${id} applied` },
  );

test('a webhook goes through ingest, queue and worker', async () => {
  const response = await post('tasks', task(1), headers);
  expect(response.status).toBe(200);
  expect(response.headers.get('inlet-outcome')).toBe('accepted');
  await untilApplied('batch:1');
  expect(logged.filter(({ level }) => level === 'ERROR')).toEqual([]);
});

test('without the secret nothing is accepted', async () => {
  expect((await post('tasks', task(2))).status).toBe(401);
});

test('the read API asks for the token', async () => {
  expect((await fetch(`${local.url}/api/audit`)).status).toBe(401);
  expect((await api('/api/audit')).status).toBe(200);
});

test('while SQS is down the provider is asked to retry, and the retry is processed', async () => {
  await local.sqs.stop();
  const refused = await post('tasks', task(3), headers);
  expect(refused.status).toBe(503);
  expect(refused.headers.get('retry-after')).not.toBeNull();
  await local.sqs.start();
  const accepted = await post('tasks', task(3), headers);
  expect([accepted.status, accepted.headers.get('inlet-outcome')]).toEqual([200, 'accepted']);
  await untilApplied('batch:3');
});

test('while DynamoDB is down the provider is asked to retry, and the retry is processed', async () => {
  await local.dynamodb.stop();
  expect((await post('tasks', task(4), headers)).status).toBe(503);
  await local.dynamodb.start();
  expect((await post('tasks', task(4), headers)).status).toBe(200);
  await untilApplied('batch:4');
});
