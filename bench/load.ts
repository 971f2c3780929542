/**
 * `npm run bench:load`: the local stack over HTTP at rising rates. The stand-ins, not Inlet, are its limit: it shows
 * how Inlet behaves below, at and above a limit, not what AWS can take. `LOAD_SECONDS` (default 5) is the length of
 * each step, `LOAD_LEDGER` (default 100000) the largest ledger.
 */
import { measureGrowth } from './lib/growth.ts';
import { LoadServer } from './lib/load-client.ts';
import { heading, rounded, table } from './lib/stats.ts';
import { messageEvent, prove, type Webhook } from './lib/webhooks.ts';

const SECONDS = Number(process.env.LOAD_SECONDS ?? 5);
const LARGEST_LEDGER = Number(process.env.LOAD_LEDGER ?? 100_000);
const RATES = [25, 50, 100, 200];

let seeds = 1_000_000;
const dotdigital = { name: 'dotdigital', provider: 'dotdigital' };

const megabyte = messageEvent(1, 1_000_000).toString();
const hundredKilobytes = messageEvent(2, 100_000).toString();

/** The same contents as another event of another message. */
function another(text: string): Buffer {
  const event = JSON.parse(text);
  event.eventId = `event-${seeds}`;
  event.payload.id = `message-${seeds}`;
  return Buffer.from(JSON.stringify(event));
}

/** Of 50 requests one has 1 MB, four have 100 KB and the others 2 KB, from two providers and the demo. */
async function mixed(index: number): Promise<Webhook> {
  seeds += 1;
  if (index % 50 === 49) return prove(dotdigital, { body: another(megabyte) });
  if (index % 50 >= 45) return prove(dotdigital, { body: another(hundredKilobytes) });
  if (index % 3 === 0) {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const body = Buffer.from(`id=${seeds}&event=customer_update&payload[note]=${'x'.repeat(1_900)}`);
    return prove({ name: 'chargify', provider: 'chargify' }, { headers, body });
  }
  if (index % 3 === 1) {
    const note = 'x'.repeat(1_900);
    const task = { batchid: `b-${seeds}`, id: 1, owner: 'Ada', priority: 'Low', note };
    const body = Buffer.from(JSON.stringify(task));
    return prove({ name: 'tasks', provider: 'tasks' }, { body });
  }
  return prove(dotdigital, { body: messageEvent(seeds, 2_048) });
}

/** Revisions of so many subjects, in turn. */
async function ofSubjects(count: number, subjects: number): Promise<Webhook[]> {
  const made: Webhook[] = [];
  const base = seeds;
  for (let index = 0; index < count; index++) {
    const event = JSON.parse(messageEvent(base + (index % subjects), 2_048).toString());
    event.revision = Math.floor(index / subjects);
    event.eventId = `event-${++seeds}-${index}`;
    made.push(await prove(dotdigital, { body: Buffer.from(JSON.stringify(event)) }));
  }
  return made;
}

async function repeat(count: number, make: (index: number) => Promise<Webhook>): Promise<Webhook[]> {
  const made: Webhook[] = [];
  for (let index = 0; index < count; index++) made.push(await make(index));
  return made;
}

const rows: (string | number)[][] = [];
async function step(
  name: string,
  server: LoadServer,
  webhooks: readonly Webhook[],
  rate: number,
): Promise<void> {
  const { perSecond, refused, latency, settleMs, cpuMsPerWebhook, rssMB } = await server.drive(
    webhooks,
    rate,
  );
  const times = [latency.p50, latency.p95, latency.p99, latency.p999].map((ms) => rounded(ms, 0));
  const settle = rounded(settleMs / 1000, 1);
  rows.push([
    name,
    rate,
    rounded(perSecond, 0),
    refused,
    ...times,
    settle,
    rounded(cpuMsPerWebhook, 1),
    rounded(rssMB, 0),
  ]);
}

for (const direct of [false, true]) {
  const name = direct ? 'mix, stand-ins in process' : 'mix, stand-ins over HTTP';
  const server = await LoadServer.start(direct);
  await server.drive(await repeat(100, mixed), 50);
  for (const rate of RATES) await step(name, server, await repeat(rate * SECONDS, mixed), rate);
  if (!direct) {
    await step('2 KB, one hot subject', server, await ofSubjects(50 * SECONDS, 1), 50);
    const eachSubject = Math.ceil((100 * SECONDS) / 1_000);
    await step('2 KB, 1,000 subjects', server, await ofSubjects(eachSubject * 1_000, 1_000), 100);
  }
  server.stop();
}
process.stdout.write(`${heading(`Load: ${SECONDS} s a step`)}\n`);
const head = [
  'load',
  'offered/s',
  'accepted/s',
  'refused',
  'p50 ms',
  'p95',
  'p99',
  'p99.9',
  'settle s',
  'CPU ms',
  'RSS MB',
];
process.stdout.write(`${table(head, rows)}\n\n`);
process.stdout.write(`${await measureGrowth(LARGEST_LEDGER)}\n`);
