/**
 * `npm run bench:cold`: each deployed bundle in a fresh process: import, first invocation, memory; in turn with the
 * same function bundled the CDK's default way, with the baseline and with a function that does nothing.
 * `COLD_ROUNDS` (default 21) sets its length.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { InletConfig } from '../functions/config/config.ts';
import defaultConfig from '../test/fixtures/inlet.config.ts';
import { baselineBundle, baselineEnvironment } from './baseline/variants.ts';
import { type Built, defaultBundle, inletBundle, temporaryFolder } from './lib/bundles.ts';
import { functionEnvironment, startCannedAws } from './lib/canned-process.ts';
import { everyPack } from './lib/every-pack.ts';
import { FreshProcess } from './lib/fresh-process.ts';
import { heading, median, rounded, table } from './lib/stats.ts';
import { gatewayEvent, message, messageEvent, prove, SECRET, sqsEvent } from './lib/webhooks.ts';

const ROUNDS = Number(process.env.COLD_ROUNDS ?? 21);

interface Subject {
  readonly name: string;
  readonly built: Built;
  /** A new one for every round. */
  event(seed: number): Promise<unknown>;
  /** What it is compared with. */
  readonly against?: string;
  readonly sums: number[];
  readonly imports: number[];
  readonly firsts: number[];
  readonly memory: number[];
}

const folder = temporaryFolder();
const aws = await startCannedAws(SECRET);
const environment = { ...functionEnvironment(aws.endpoint), ...baselineEnvironment(aws.endpoint) };
const single: InletConfig = { sources: { dotdigital: { provider: 'dotdigital' } } };

const signed = (seed: number) =>
  prove({ name: 'dotdigital', provider: 'dotdigital' }, { body: messageEvent(seed, 2_048) });
const webhook = async (seed: number) => gatewayEvent(await signed(seed));
const batch = async (seed: number) => sqsEvent([message(await signed(seed), `key-${seed}`)]);
const raw = async (seed: number) => sqsEvent([(await signed(seed)).body.toString()]);

function subject(name: string, built: Built, event: Subject['event'], against?: string): Subject {
  return { name, built, event, ...(against && { against }), sums: [], imports: [], firsts: [], memory: [] };
}

const inlet = (entry: string, name: string, config: InletConfig) =>
  inletBundle(`functions/${entry}.lambda.ts`, config, join(folder, name));
const byDefault = (entry: string, name: string, config: InletConfig) =>
  defaultBundle(`functions/${entry}.lambda.ts`, config, join(folder, name));

const subjects: Subject[] = [
  subject('ingest', inlet('ingest', 'ingest', defaultConfig), webhook, 'ingest, default bundling'),
  subject('ingest, default bundling', byDefault('ingest', 'ingest-default', defaultConfig), webhook),
  subject(
    'ingest, one source',
    inlet('ingest', 'single', single),
    webhook,
    'ingest, one source, default bundling',
  ),
  subject('ingest, one source, default bundling', byDefault('ingest', 'single-default', single), webhook),
  subject('ingest, every pack', inlet('ingest', 'every', everyPack()), webhook, 'ingest, default bundling'),
  subject('worker', inlet('worker', 'worker', defaultConfig), batch, 'worker, default bundling'),
  subject('worker, default bundling', byDefault('worker', 'worker-default', defaultConfig), batch),
  subject('baseline ingest', baselineBundle('ingest', folder), webhook, 'ingest, default bundling'),
  subject('baseline worker', baselineBundle('worker', folder), raw, 'worker, default bundling'),
  subject(
    'hello',
    inletBundle('bench/entries/hello.lambda.ts', single, join(folder, 'hello')),
    async () => ({}),
  ),
];
if (existsSync(join(import.meta.dirname, '../functions/dead-letters.lambda.ts')))
  subjects.push(subject('dead letters', inlet('dead-letters', 'dead-letters', defaultConfig), batch));

for (let round = 0; round < ROUNDS; round++) {
  const start = round % subjects.length;
  for (const one of [...subjects.slice(start), ...subjects.slice(0, start)]) {
    const event = await one.event(round * 100 + subjects.indexOf(one));
    const fresh = await FreshProcess.start(one.built.file, environment);
    const { answer, imported, milliseconds, rss } = await fresh.invoke(event);
    await fresh.kill();
    if ((answer.statusCode ?? 200) >= 300) throw new Error(`${one.name}: ${JSON.stringify(answer)}`);
    // The first round fills the file system's cache.
    if (round === 0) continue;
    one.imports.push(imported);
    one.firsts.push(milliseconds);
    one.sums.push(imported + milliseconds);
    one.memory.push(rss / 1024 / 1024);
  }
}
aws.stop();

const find = (name?: string) => subjects.find((it) => it.name === name);
/** The median of the ratios of each round. */
const ratioOf = (one: Subject): number | undefined => {
  const other = find(one.against);
  return other && median(one.sums.map((sum, round) => sum / (other.sums[round] ?? Number.NaN)));
};
process.stdout.write(`${heading(`Cold: fresh processes, ${ROUNDS - 1} rounds`)}\n`);
const rows = subjects.map((one) => {
  const ratio = ratioOf(one);
  return [
    one.name,
    rounded(one.built.bytes / 1000, 0),
    rounded(median(one.imports), 0),
    rounded(median(one.firsts), 0),
    rounded(median(one.sums), 0),
    ratio === undefined ? '' : rounded(ratio),
    rounded(median(one.memory), 0),
  ];
});
process.stdout.write(
  `${table(['function', 'KB', 'import ms', 'first ms', 'sum ms', '× default bundling', 'RSS MB'], rows)}\n\n`,
);
const [first] = subjects;
const reached = first && ratioOf(first);
process.stdout.write(
  `Budget: ingest ≤ 0.62 × default bundling; reached ${rounded(reached ?? Number.NaN)} ×\n`,
);
