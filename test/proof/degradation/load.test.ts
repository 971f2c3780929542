/** A hot subject and a backlog. */
import type { AuditReport, EventPage, SubjectState } from '../../../functions/api/types.ts';
import type { Handler } from '../../../functions/core/handler.ts';
import { inParallel } from '../../../functions/core/in-parallel.ts';
import { BodyStore } from '../../../functions/store/bodies.ts';
import { Inbox } from '../../../functions/store/inbox.ts';
import { Ledger } from '../../../functions/store/ledger/ledger.ts';
import { createContext } from '../../helpers/context.ts';

const REVISIONS = 200;
const BACKLOG = 1_000;
let running = 0;
let most = 0;
let highest = 0;
const handler: Handler = {
  name: 'watching',
  description: 'Sees that it is alone and that revisions only grow.',
  async handle({ revision }) {
    most = Math.max(most, ++running);
    await new Promise((resolve) => setImmediate(resolve));
    if (Number(revision) < highest) most = Number.POSITIVE_INFINITY;
    highest = Number(revision);
    running--;
  },
};
const paths = { delivery: 'payload.id', subject: 'payload.subject', revision: 'payload.revision' };
const { local, post, api, waitFor } = await createContext({
  handlers: { 'fulfil-order': handler },
  config: {
    sources: {
      states: { provider: 'tasks', unsigned: true, ...paths },
      handled: { provider: 'tasks', unsigned: true, handler: 'fulfil-order', mode: 'latest', ...paths },
    },
  },
});

const json = { 'content-type': 'application/json' };
const bodyOf = (name: string, revision: number) =>
  JSON.stringify({ id: `${name}-${revision}`, subject: name, revision });

/** As a provider does: what ingest has no time for (503, on a busy machine) is sent again. */
async function postUntilTaken(source: string, body: string): Promise<void> {
  const statuses = new Set<number>();
  const taken = async () => {
    const { status } = await post(source, body, json);
    statuses.add(status);
    return status === 200;
  };
  await waitFor(taken, { deadlineMs: 60_000, what: 'the webhook is taken' });
  expect([200, 503]).toEqual(expect.arrayContaining([...statuses]));
}

async function settled(source: string, accepted: number) {
  return waitFor(
    async () => {
      const report = (await api('/api/audit')).body as AuditReport;
      const counts = report.sources[source];
      return counts?.accepted === accepted && counts.inFlight === 0 && counts;
    },
    { deadlineMs: 60_000, intervalMs: 250, what: `${accepted} events of ${source} settled` },
  );
}

test.each(['states', 'handled'])(
  `${REVISIONS} revisions of one subject at once (%s): the newest stays, nobody overlaps, nothing is dead`,
  async (source) => {
    const started = performance.now();
    const revisions = Array.from({ length: REVISIONS }, (_, n) => ((n * 67) % REVISIONS) + 1);
    await Promise.all(revisions.map((it) => postUntilTaken(source, bodyOf('hot', it))));
    const counts = await settled(source, REVISIONS);
    expect(counts.applied + counts.stale).toBe(REVISIONS);
    const subject = (await api(`/api/subjects/${source}/hot`)).body as SubjectState;
    expect(subject.revision).toBe(REVISIONS);
    if (source === 'handled') expect(most).toBe(1);
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    console.log(`${source}: ${counts.applied} applied, ${counts.stale} stale in ${seconds} s`);
  },
  70_000,
);

test(`${BACKLOG} waiting messages drain while ingest answers as ever`, async () => {
  const { setup } = local;
  const inbox = new Inbox(setup.sqs, setup.inboxQueueUrl, new BodyStore(setup.s3, setup.bodiesBucket));
  const ledger = new Ledger(setup.dynamodb, setup.tables.ledger, 86_400, Date.now);
  const waiting = Array.from({ length: BACKLOG }, (_, n) => n);
  const receivedAt = Date.now();
  await inParallel(waiting, 20, async (n) => {
    const common = { source: 'states', id: `b${n}-1`, kind: 'event', receivedAt } as const;
    await ledger.claim(common);
    const body = Buffer.from(bodyOf(`b${n}`, 1)).toString('base64');
    await inbox.send({ ...common, headers: json, subpath: '', body });
    await ledger.confirm('states', common.id);
  });
  const started = performance.now();
  let slowest = 0;
  for (let n = 0; n < 20; n++) {
    const sent = performance.now();
    expect((await post('states', bodyOf(`live${n}`, 1), json)).status).toBe(200);
    slowest = Math.max(slowest, performance.now() - sent);
  }
  expect(slowest).toBeLessThan(3_000);
  const counts = await settled('states', REVISIONS + BACKLOG + 20);
  expect(counts).toMatchObject({ quarantined: 0, dead: 0, unconfirmed: 0 });
  const { events } = (await api('/api/events?source=states&state=dead')).body as EventPage;
  expect(events).toEqual([]);
  const seconds = (performance.now() - started) / 1000;
  console.log(`slowest answer ${Math.round(slowest)} ms; the rest of the backlog in ${seconds.toFixed(1)} s`);
}, 70_000);
