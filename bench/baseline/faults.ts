/**
 * `npx node bench/baseline/faults.ts`: which promises hold when something goes wrong, Inlet and the baseline side by
 * side: deployed bundles in processes of their own, on the same stand-ins.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { heading, table } from '../lib/stats.ts';
import { messageEvent, prove } from '../lib/webhooks.ts';
import { openFaultBench, type System } from './fault-bench.ts';

const bench = await openFaultBench();
const source = { name: 'dotdigital', provider: 'dotdigital' };
let seeds = 5_000;
const webhook = async (body = messageEvent(++seeds, 1_000)) => prove(source, { body });

/** The baseline's records in progress block for as long as the function may run; Inlet has no lease. */
const REMAINING_MS = 10_000;

interface Fault {
  readonly name: string;
  run(system: System): Promise<string>;
}

const faults: readonly Fault[] = [
  {
    name: 'crash between record and queue; the provider retries at once, then later',
    async run(system) {
      const one = await webhook();
      await bench.crashBeforeQueue(system, one, REMAINING_MS);
      const atOnce = await bench.deliver(system, one, REMAINING_MS);
      await pause(REMAINING_MS + 500);
      const later = await bench.deliver(system, one, REMAINING_MS);
      return `${atOnce} at once, ${later} later; messages: ${(await bench.queued(system)).length}`;
    },
  },
  {
    name: 'two copies of a webhook at the same time',
    async run(system) {
      const one = await webhook();
      const answers = await bench.deliverTogether(system, one);
      return `${answers.join(' and ')}; messages: ${(await bench.queued(system)).length}`;
    },
  },
  {
    name: 'an older event after a newer one of the same subject',
    async run(system) {
      const parsed = JSON.parse(messageEvent(++seeds, 1_000).toString());
      const of = (revision: number) =>
        Buffer.from(JSON.stringify({ ...parsed, revision, eventId: `e-${seeds}-${revision}` }));
      for (const revision of [2, 1]) {
        await bench.deliver(system, await webhook(of(revision)));
        await bench.work(system, await bench.queued(system));
      }
      return `the subject stands at revision ${await bench.revision(system, parsed)}`;
    },
  },
  {
    name: 'an authentic body that is not what the schema says',
    async run(system) {
      const answer = await bench.deliver(system, await webhook(Buffer.from('{"eventId": 17')));
      return `${answer}; messages: ${(await bench.queued(system)).length}`;
    },
  },
  {
    name: 'DynamoDB does not answer',
    async run(system) {
      const answered = await bench.deliverToHanging(system, await webhook(), REMAINING_MS);
      return answered
        ? `${answered.status} after ${Math.round(answered.seconds)} s`
        : `ended by its limit of ${REMAINING_MS / 1000} s; the gateway's 503`;
    },
  },
];

const rows: string[][] = [];
for (const { name, run } of faults) rows.push([name, await run('inlet'), await run('baseline')]);
process.stdout.write(`${heading('Faults')}\n${table(['what goes wrong', 'Inlet', 'baseline'], rows)}\n`);
await bench.close();
