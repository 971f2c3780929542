/**
 * `npx node bench/profile.ts [ingest|worker]`: where the CPU of one warm event goes, by package, from V8's own
 * profiler. Self time; what was waited for does not count.
 */
import { Session } from 'node:inspector/promises';
import { join } from 'node:path';
import type { InletConfig } from '../functions/config/config.ts';
import { temporaryFolder } from './lib/bundles.ts';
import { functionEnvironment, startCannedAws } from './lib/canned-process.ts';
import { loadFunction, silenced } from './lib/loaded.ts';
import { packageOf, unminified } from './lib/origins.ts';
import { heading, rounded, table } from './lib/stats.ts';
import { gatewayEvent, message, messageEvent, prove, SECRET, sqsEvent } from './lib/webhooks.ts';

const EVENTS = 2_000;
const what = process.argv[2] === 'worker' ? 'worker' : 'ingest';
const config: InletConfig = { sources: { dotdigital: { provider: 'dotdigital' } } };
const source = { name: 'dotdigital', provider: 'dotdigital' };

const aws = await startCannedAws(SECRET);
Object.assign(process.env, functionEnvironment(aws.endpoint));
const { file, origins } = await unminified(
  `functions/${what}.lambda.ts`,
  config,
  join(temporaryFolder(), what),
);
const handler = await loadFunction(file);
const inputs: unknown[] = [];
for (let seed = 1; seed <= EVENTS * 2; seed++) {
  const webhook = await prove(source, { body: messageEvent(seed, 2_048) });
  inputs.push(what === 'ingest' ? gatewayEvent(webhook) : sqsEvent([message(webhook, `key-${seed}`)]));
}
const session = new Session();
session.connect();
await session.post('Profiler.enable');
await session.post('Profiler.setSamplingInterval', { interval: 100 });
const { profile } = await silenced(async () => {
  for (const input of inputs.slice(0, EVENTS)) await handler(input);
  await session.post('Profiler.start');
  for (const input of inputs.slice(EVENTS)) await handler(input);
  return session.post('Profiler.stop');
});
aws.stop();

const micros = new Map<string, number>();
const own = new Map<string, number>();
const byId = new Map(profile.nodes.map((node) => [node.id, node]));
profile.samples?.forEach((id, index) => {
  const { functionName, url, lineNumber } = byId.get(id)?.callFrame ?? {
    functionName: '',
    url: '',
    lineNumber: 0,
  };
  const time = profile.timeDeltas?.[index] ?? 0;
  const origin = url.startsWith('file:') ? origins(lineNumber) : undefined;
  const name = origin ? packageOf(origin) : url.startsWith('node:') ? 'node' : functionName || 'native';
  if (name === '(idle)' || name === '(program)') return;
  micros.set(name, (micros.get(name) ?? 0) + time);
  if (origin && name === 'inlet')
    own.set(`${functionName} ${origin}`, (own.get(`${functionName} ${origin}`) ?? 0) + time);
});
const print = (title: string, times: Map<string, number>) => {
  const rows = [...times].toSorted((a, b) => b[1] - a[1]).slice(0, 20);
  const total = [...micros.values()].reduce((sum, time) => sum + time, 0);
  const cells = rows.map(([name, time]) => [
    name,
    rounded(time / EVENTS, 1),
    `${rounded((time / total) * 100, 1)} %`,
  ]);
  process.stdout.write(`\n${table([title, 'µs an event', 'share'], cells)}\n`);
};
process.stdout.write(heading(`Profile of ${what}`));
print('package', micros);
print('function of Inlet', own);
