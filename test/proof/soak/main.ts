/**
 * `npm run soak`: 50,000 webhooks and 25 kills. `npm run soak -- 5000 5 7`: so many webhooks, kills, and a seed.
 * `npm run soak -- --minutes 60`: as long as that, at 25 webhooks a second (`--rate`), with a kill a minute (`--kills`).
 */
import { parseArgs } from 'node:util';
import { soak } from './soak.ts';
import { soakTable, violationsOf } from './table.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    minutes: { type: 'string' },
    rate: { type: 'string', default: '25' },
    kills: { type: 'string' },
    seed: { type: 'string' },
  },
});
const [webhooks = 50_000, killsByCount = 25, seedByPlace = 1] = positionals.map(Number);
const minutes = Number(values.minutes ?? 0);
const kills = Number(values.kills ?? (minutes > 0 ? Math.ceil(minutes) : killsByCount));
const report = await soak({
  length: minutes > 0 ? { minutes, rate: Number(values.rate) } : { webhooks },
  kills,
  standInRestarts: Math.ceil(kills / 4),
  seed: Number(values.seed ?? seedByPlace),
  restMs: 500,
  progress: (line) => console.error(line),
});
console.log(soakTable(report));
const violations = violationsOf(report);
for (const violation of violations) console.error(violation);
process.exit(violations.length > 0 ? 1 : 0);
