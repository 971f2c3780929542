import { EVENT_STATES, isState, STATES } from '../../functions/core/states.ts';

export { EVENT_STATES };

/** What a state means, in a sentence for the curious. */
export function meaningOf(state: string): string | undefined {
  return isState(state) ? STATES[state].means : undefined;
}

export function StateLabel({ state }: { state: string }) {
  return (
    <span class={`state ${state}`} title={meaningOf(state)}>
      {state}
    </span>
  );
}

/** Text that a stranger wrote: its own direction marks must not reorder what stands around it. */
export function Foreign({ text, max = 200 }: { text: string | number | null; max?: number }) {
  if (text === null) return <span class="none">–</span>;
  const shown = String(text);
  return (
    <bdi title={shown.length > 24 ? shown : undefined}>
      {shown.length > max ? `${shown.slice(0, max)}…` : shown}
    </bdi>
  );
}
