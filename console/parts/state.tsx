export const STATES = ['queued', 'retrying', 'applied', 'stale', 'quarantined', 'dead'] as const;

/** What a state means, in a sentence for the curious. */
export const MEANING: Readonly<Record<string, string>> = {
  queued: 'On the queue, waiting for the worker.',
  retrying: 'The handler failed; it is tried again after a pause.',
  applied: 'Processed. Its revision was the newest of its subject.',
  stale: 'Not applied: a newer revision had been applied before. Nothing to do.',
  quarantined: 'Set aside because it cannot be processed as it is. Mend the cause, then redrive.',
  dead: 'Given up after too many attempts. Mend the cause, then redrive.',
};

export function State({ state }: { state: string }) {
  return (
    <span class={`state ${state}`} title={MEANING[state]}>
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
