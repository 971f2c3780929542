/**
 * `npm run cost`: dollars per million webhooks, by line. Requests, units, chunks and log bytes are counted in a run on
 * the stand-ins, CPU is measured in the deployed bundles, prices and the two assumptions stand in `infra/prices.json`.
 */
import type { InletConfig } from '../functions/config/config.ts';
import { ACCESS_LOG } from '../infra/ingress.ts';
import { baselineLines } from './baseline/price.ts';
import { temporaryFolder } from './lib/bundles.ts';
import { functionEnvironment, startCannedAws } from './lib/canned-process.ts';
import { type Cpu, measureCpu } from './lib/cpu.ts';
import { type Consumption, consume } from './lib/metered-run.ts';
import { type Deployment, milliseconds, priceLines, prices, storagePrice, sum } from './lib/price.ts';
import { processingTable } from './lib/processing-cost.ts';
import { secretsTable } from './lib/secret-cost.ts';
import { sourcesTable } from './lib/source-cost.ts';
import { heading, rounded, table } from './lib/stats.ts';
import { messageEvent, prove, SECRET, type Webhook } from './lib/webhooks.ts';

const SIZES = [2_048, 20_480];
const METERED = 50;
const FOR_CPU = 200;
const source = { name: 'dotdigital', provider: 'dotdigital' } as const;
const sources: InletConfig['sources'] = { dotdigital: { provider: 'dotdigital' } };
const modes: Readonly<Record<string, Omit<InletConfig, 'sources'>>> = {
  default: {},
  'archive: false': { archive: false },
  'archive and listing: false': { archive: false, listing: false },
  'economy: true': { economy: true },
};
const budgets: Readonly<Record<string, number>> = {
  default: 6,
  'archive and listing: false': 4.7,
  'economy: true': 4,
};

/** The gateway's line with what its variables stand for. */
const accessLogBytes = JSON.stringify({
  ...ACCESS_LOG,
  requestId: 'JKJaXmPLvHcESHA=',
  ip: '203.0.113.24',
  method: 'POST',
  path: '/webhooks/dotdigital',
  status: '202',
  latency: '38',
  bytes: '0',
  lambda: '200',
  error: '-',
}).length;
const usual = { front: 'HTTP API', ingestMB: 256, workerMB: 512, batch: 10, accessLogBytes } as const;

async function webhooks(count: number, bytes: number): Promise<Webhook[]> {
  const made: Webhook[] = [];
  for (let seed = 1; seed <= count; seed++)
    made.push(await prove(source, { body: messageEvent(seed, bytes) }));
  return made;
}

const aws = await startCannedAws(SECRET);
Object.assign(process.env, functionEnvironment(aws.endpoint));
const folder = temporaryFolder();
const forCpu = await Promise.all(SIZES.map((bytes) => webhooks(FOR_CPU, bytes)));
const forMeter = await Promise.all(SIZES.map((bytes) => webhooks(METERED, bytes)));

interface Result {
  readonly mode: string;
  readonly bytes: number;
  readonly used: Consumption;
  /** The same with one event a batch. */
  readonly usedSingly: Consumption;
  readonly cpu: Cpu;
}
const results: Result[] = [];
const configs = Object.values(modes).map((keys) => ({ sources, ...keys }));
const cpus = await measureCpu(configs, forCpu, folder, aws.reset);
for (const [n, mode] of Object.keys(modes).entries()) {
  for (const [index, bytes] of SIZES.entries()) {
    const config = configs[n] ?? { sources };
    const meter = (batch: number) =>
      consume(config, forMeter[index] ?? [], { dotdigital: [SECRET] }, prices.sqsChunkBytes, batch);
    const used = await meter(usual.batch);
    const usedSingly = await meter(1);
    results.push({ mode, bytes, used, usedSingly, cpu: cpus[n]?.[index] ?? { ingest: 0, worker: 0 } });
  }
}
const baseline = await baselineLines(aws.endpoint, forMeter[0] ?? []);
aws.stop();

const print = (text: string) => process.stdout.write(`${text}\n\n`);
const dollars = (value: number) => rounded(value, 3);
const linesOf = (result: Result, deployment: Partial<Deployment> = {}) =>
  priceLines(result.used, result.cpu, { ...usual, bodyBytes: result.bytes, ...deployment });

print(
  heading(`Cost: dollars per million webhooks, ${prices.region}, prices of ${prices.date}, no free tier`),
);
for (const bytes of SIZES) {
  const shown = results.filter((it) => it.bytes === bytes);
  const all = shown.map((it) => linesOf(it));
  const names = [...new Set(all.flatMap((lines) => [...lines.keys()]))];
  const row = (name: string) => [
    name,
    ...all.map((lines) => (lines.has(name) ? dollars(lines.get(name) ?? 0) : '')),
  ];
  const total = ['TOTAL, HTTP API', ...all.map((lines) => dollars(sum(lines)))];
  const url = [
    'TOTAL, function URL',
    ...shown.map((it) => dollars(sum(linesOf(it, { front: 'function URL' })))),
  ];
  const single = [
    'the same, one event a batch',
    ...shown.map((it) => dollars(sum(linesOf({ ...it, used: it.usedSingly }, { batch: 1 })))),
  ];
  const month = ['beside it: kept a month', ...shown.map((it) => dollars(storagePrice(it.used)))];
  print(
    table(
      [`${bytes} bytes`, ...shown.map(({ mode }) => mode)],
      [...names.map(row), total, url, single, month],
    ),
  );
}

const [first] = results;
if (!first) throw new Error('nothing measured');
print(
  table(
    ['memory of ingest and worker', 'ms of ingest', 'ms of worker', 'Lambda time', 'TOTAL, HTTP API'],
    [128, 256, 512, 1024, 1769].map((memory) => {
      const deployment = { ...usual, ingestMB: memory, workerMB: memory };
      const time = milliseconds(first.used, first.cpu, deployment);
      const lines = linesOf(first, deployment);
      const lambda = (lines.get('Lambda ingest time') ?? 0) + (lines.get('Lambda worker time') ?? 0);
      return [
        `${memory} MB`,
        rounded(time.ingest, 1),
        rounded(time.worker, 1),
        dollars(lambda),
        dollars(sum(lines)),
      ];
    }),
  ),
);
const { logs, events, messageBytes } = first.used;
print(
  `Measured: ${rounded(first.cpu.ingest)} ms CPU in ingest and ${rounded(first.cpu.worker)} ms in the worker; ` +
    `log lines of ${Math.round(logs.ingest.bytes / events)}, ${Math.round(logs.worker.bytes / events)} and ` +
    `${accessLogBytes} bytes; a message of ${Math.round(messageBytes)} bytes; ` +
    `body ${first.bytes} bytes.`,
);
print(
  await processingTable(
    forMeter[0] ?? [],
    { dotdigital: [SECRET] },
    { ...usual, bodyBytes: SIZES[0] ?? 0 },
    first.cpu,
  ),
);
print(await sourcesTable({ ...usual, bodyBytes: 0 }, first.cpu));
print(secretsTable());
print(
  table(
    ['baseline, 2 KB, without the time of Lambda', '$ per million'],
    [...baseline, ['TOTAL', sum(baseline)] as const].map(([name, value]) => [name, dollars(value)]),
  ),
);
for (const [mode, budget] of Object.entries(budgets)) {
  const result = results.find((it) => it.mode === mode && it.bytes === 2_048);
  if (result)
    process.stdout.write(
      `Budget ${mode}: $${budget.toFixed(2)}; reached $${rounded(sum(linesOf(result)))}\n`,
    );
}
