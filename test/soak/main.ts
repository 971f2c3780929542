/** `npm run soak`: 50,000 webhooks and 25 kills. `npm run soak -- 5000 5 7`: so many webhooks, kills, and a seed. */
import { soak } from './soak.ts';
import { soakTable, violationsOf } from './table.ts';

const [webhooks = 50_000, kills = 25, seed = 1] = process.argv.slice(2).map(Number);
const report = await soak({ webhooks, kills, seed, progress: (line) => console.error(line) });
console.log(soakTable(report));
const violations = violationsOf(report);
for (const violation of violations) console.error(violation);
process.exit(violations.length > 0 ? 1 : 0);
