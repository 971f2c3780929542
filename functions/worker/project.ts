import { MAX_TIES } from '../core/decide.ts';
import type { Attempt } from '../core/fate.ts';
import { State } from '../core/states.ts';
import type { Refused } from '../store/gate/answers.ts';
import type { Gate, GatedEvent } from '../store/gate/gate.ts';

/** The built-in default: the newest state of each subject is kept. An event by itself is kept in the archive. */
export async function projectState(gate: Gate, event: GatedEvent): Promise<Attempt> {
  if (event.facts.gate === 'entry') return applied(event);
  const answer = await gate.project(event);
  return answer.verdict === 'apply' ? applied(event) : afterRefusal(event, answer);
}

export function applied({ facts }: GatedEvent): Attempt {
  const { remark: reason } = facts;
  return { end: 'settled', settlement: { state: State.applied, facts, ...(reason && { reason }) } };
}

/** What it means for an event that the gate did not let it through. */
export function afterRefusal(event: GatedEvent, refused: Refused): Attempt {
  switch (refused.verdict) {
    case 'repeat':
      // Applied by an earlier attempt that did not live to record it.
      return applied(event);
    case 'older': {
      const reason = `revision ${refused.revision} was applied before`;
      return { end: 'settled', settlement: { state: State.stale, reason, facts: event.facts } };
    }
    case 'full': {
      const reason = `Its subject has applied ${MAX_TIES} events of revision ${refused.revision} and tells no more apart: order the source by another revision, or not at all (mode 'each'), and redrive.`;
      return { end: 'settled', settlement: { state: State.quarantined, reason, facts: event.facts } };
    }
    case 'held':
      return { end: 'held', until: refused.until };
    case 'moved':
      return { end: 'settled-before' };
    case 'not-applied':
      return { end: 'forced', result: 'The handler did not run again: the event is not applied' };
  }
}
