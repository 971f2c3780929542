import { compareRevisions } from '../../functions/core/revisions.ts';
import { State } from '../../functions/core/states.ts';
import { ledgerId } from '../../functions/ledger/entry.ts';
import { textOf } from '../../functions/shared/dynamodb.ts';
import { ATTEMPTS } from './config.ts';
import type { Facts } from './verdict.ts';
import type { PlannedEvent } from './webhooks.ts';

/** Outcomes for which there is no reason in what was planned, seen and done. @param events of these. */
export function unfounded(facts: Facts, events: Facts['events'] = facts.events): string[] {
  return [...events].flatMap(([id, event]) => {
    const state = textOf(facts.ledger.get(id)?.state) ?? 'nowhere';
    const problem = problemOf(facts, id, event, state);
    return problem === undefined ? [] : [`${id} is ${state}, but ${problem}`];
  });
}

function problemOf(facts: Facts, id: string, event: PlannedEvent, state: string): string | undefined {
  const { seen, runs } = facts;
  const isApplied = seen.applied.has(id);
  if (isApplied && state !== State.applied) return 'its subject took it';
  switch (state) {
    case State.applied:
      return isApplied ? undefined : 'no subject took it';
    case State.stale:
      return isOutdated(facts, event) ? undefined : 'its subject has seen nothing newer';
    case State.quarantined:
      return event.isForeign ? undefined : 'it can be read, and its owner is known';
    case State.dead: {
      const { begun = 0, gaveUp = false } = runs.get(id) ?? {};
      if (gaveUp || begun >= ATTEMPTS) return undefined;
      return `its handler ran ${begun} times: ${textOf(facts.ledger.get(id)?.reason)}`;
    }
    default:
      return undefined;
  }
}

/** Whether another event of its subject was applied with the same revision or a newer one. */
function isOutdated({ seen }: Facts, { source, subject, revision = 1 }: PlannedEvent): boolean {
  // Its subject changes with the configuration; what it was compared with then, nobody knows afterwards.
  if (source === 'moving') return true;
  const highest = subject === undefined ? undefined : seen.revisions.get(ledgerId(source, subject));
  return highest !== undefined && compareRevisions(highest, String(revision)) >= 0;
}
