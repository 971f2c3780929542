import { textOf } from '../../../functions/aws/dynamodb.ts';
import { compareRevisions } from '../../../functions/core/revisions.ts';
import { State } from '../../../functions/core/states.ts';
import { ledgerId } from '../../../functions/store/ledger/entry.ts';
import { ATTEMPTS } from './config.ts';
import type { Facts } from './facts.ts';
import type { PlannedEvent } from './webhooks.ts';

/** Outcomes for which there is no reason in what was planned, seen and done. */
export function unfounded(facts: Facts): string[] {
  return [...facts.events].flatMap(([id, event]) => {
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
      // One that passes by itself has its own entry for that.
      return isApplied || facts.ledger.get(id)?.gate?.S === 'entry' ? undefined : 'no subject took it';
    case State.stale:
      return isOutdated(facts, id, event) ? undefined : 'its subject has seen nothing newer';
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

/** Whether its subject has taken a newer revision. */
function isOutdated(
  { seen, ledger }: Facts,
  id: string,
  { source, revision = 1, subject }: PlannedEvent,
): boolean {
  // Which subject it has there depends on the configuration under which it was taken in.
  const own = source === 'moving' ? textOf(ledger.get(id)?.subject) : subject;
  const highest = own === undefined ? undefined : seen.revisions.get(ledgerId(source, own));
  return highest !== undefined && compareRevisions(highest, String(revision)) > 0;
}
