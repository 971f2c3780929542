/** Every family of histories, by name; what each is for is said in docs/proof.md. */
import type { Scenario } from './scenario.ts';
import { both } from './scenarios/both.ts';
import { change } from './scenarios/change.ts';
import { each } from './scenarios/each.ts';
import { expiry } from './scenarios/expiry.ts';
import { ingest } from './scenarios/ingest.ts';
import { worker } from './scenarios/worker.ts';

export const scenarios: readonly Scenario[] = [...ingest, ...worker, ...each, ...change, ...expiry, ...both];

export function scenarioNamed(name: string): Scenario {
  const found = scenarios.find((scenario) => scenario.name === name);
  if (!found) throw new Error(`no scenario ${name}; there are ${scenarios.map((it) => it.name).join(', ')}`);
  return found;
}
