import type { EventDetail } from '../../../functions/api/types.ts';
import { PermanentError } from '../../../functions/core/errors.ts';
import type { Handler, HandlerContext, InboxEvent } from '../../../functions/core/handler.ts';
import { createContext } from '../../helpers/context.ts';

type Behaviour = (event: InboxEvent, context: HandlerContext) => Promise<void>;
const behaviours = new Map<string, Behaviour>();
const calls: { id: string; fence: number; key: string }[] = [];

const handler: Handler = {
  name: 'scripted',
  description: 'Does what the test says.',
  async handle(event, context) {
    calls.push({ id: event.id, fence: context.fence, key: context.idempotencyKey });
    await behaviours.get(event.id)?.(event, context);
  },
};

const source = { provider: 'tasks', unsigned: true, handler: 'fulfil-order' } as const;
const { post, api, waitFor, logged } = await createContext({
  handlers: { 'fulfil-order': handler },
  config: {
    sources: {
      each: { ...source, attempts: 3, timeoutSeconds: 1, delivery: 'payload.id' },
      ordered: {
        ...source,
        mode: 'latest',
        delivery: 'payload.id',
        subject: 'payload.subject',
        revision: 'payload.revision',
      },
    },
  },
});

const callsOf = (id: string) => calls.filter((call) => call.id === id);

async function send(name: string, event: Record<string, unknown>) {
  const response = await post(name, JSON.stringify(event), { 'content-type': 'application/json' });
  expect(response.status).toBe(200);
}

async function settled(name: string, id: string): Promise<EventDetail> {
  return waitFor(
    async () => {
      const { status, body } = await api(`/api/events/${name}/${id}`);
      return status === 200 && (body as EventDetail).settledAt ? (body as EventDetail) : undefined;
    },
    { deadlineMs: 25_000, what: `${id} settled` },
  );
}

test('a failure that passes is retried with the same key and a larger fencing number', async () => {
  behaviours.set('flaky', async () => {
    if (callsOf('flaky').length < 2) throw new Error('canary in a message');
  });
  await send('each', { id: 'flaky' });
  expect(await settled('each', 'flaky')).toMatchObject({ state: 'applied', attempts: 2, reason: null });
  const [first, second] = callsOf('flaky');
  expect(second).toMatchObject({ id: 'flaky', key: 'each#flaky' });
  expect(second?.fence).toBeGreaterThan(first?.fence ?? 0);
});

test('a failure that does not pass ends dead after the configured attempts, and says why without a payload', async () => {
  behaviours.set('broken', async () => {
    throw new TypeError('canary in a message');
  });
  await send('each', { id: 'broken' });
  expect(await settled('each', 'broken')).toMatchObject({
    state: 'dead',
    attempts: 3,
    reason: 'The handler failed: TypeError',
  });
  expect(callsOf('broken')).toHaveLength(3);
  expect(JSON.stringify(logged)).not.toContain('canary');
});

test('a handler may give as long a reason as it likes: the event ends dead, with its beginning', async () => {
  behaviours.set('verbose', async () => {
    throw new PermanentError(`no customer: ${'x'.repeat(500_000)}`);
  });
  await send('each', { id: 'verbose' });
  const { state, reason } = await settled('each', 'verbose');
  expect(state).toBe('dead');
  expect(reason).toMatch(/^no customer: x{900,1000}$/);
});

test('a handler that hangs is told to stop, and nobody starts beside it', async () => {
  let running = 0;
  let most = 0;
  let aborted = false;
  behaviours.set('hanging', async (_event, { signal }) => {
    if (callsOf('hanging').length > 1) return;
    most = Math.max(most, ++running);
    await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
    aborted = true;
    running--;
  });
  await send('each', { id: 'hanging' });
  const failed = await waitFor(async () => {
    const { body } = await api('/api/events/each/hanging');
    return (body as EventDetail).state === 'retrying' ? (body as EventDetail) : undefined;
  });
  expect(failed).toMatchObject({ attempts: 1, reason: 'The handler took too long.' });
  expect({ most, aborted }).toEqual({ most: 1, aborted: true });
});

test('of one subject, revisions run one at a time and only upwards', async () => {
  const order: number[] = [];
  let running = 0;
  const revisions = [3, 1, 5, 2, 4, 6];
  for (const revision of revisions) {
    behaviours.set(`r${revision}`, async () => {
      expect(++running).toBe(1);
      await new Promise((resolve) => setImmediate(resolve));
      order.push(revision);
      running--;
    });
  }
  await Promise.all(
    revisions.map((revision) => send('ordered', { id: `r${revision}`, subject: 's', revision })),
  );
  const states = await Promise.all(
    revisions.map(async (revision) => (await settled('ordered', `r${revision}`)).state),
  );
  expect(order).toEqual(order.toSorted((a, b) => a - b));
  expect(order.at(-1)).toBe(6);
  expect(states.filter((state) => state === 'applied')).toHaveLength(order.length);
  const { body } = await api('/api/subjects/ordered/s');
  expect(body).toMatchObject({ revision: 6 });
});
