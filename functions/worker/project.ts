import type { Gate, GatedEvent, Refused } from '../gate/gate.ts';
import { type Outcome, settled } from './outcome.ts';

/** The built-in default: the newest state of each subject is kept. */
export async function projectState(gate: Gate, event: GatedEvent): Promise<Outcome> {
  const result = await gate.project(event);
  return result.outcome === 'applied'
    ? settled({ state: 'applied', facts: event.facts })
    : outcomeOfRefusal(event, result);
}

/** What it means for an event that the gate did not let it through. */
export function outcomeOfRefusal({ facts }: GatedEvent, refused: Refused): Outcome {
  switch (refused.outcome) {
    case 'repeat':
      // Applied by an earlier attempt that did not live to record it.
      return settled({ state: 'applied', facts });
    case 'stale':
      return settled({ state: 'stale', reason: `revision ${refused.revision} was applied before`, facts });
    case 'busy':
      return { kind: 'busy', until: refused.until };
  }
}
