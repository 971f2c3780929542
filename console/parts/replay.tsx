import { useEffect, useState } from 'preact/hooks';
import type { EventSummary, Forecast, ReplayResult } from '../../functions/api/types.ts';
import { eventPath, post } from '../api.ts';
import { wake } from '../feed.ts';
import { Dialog } from './dialog.tsx';
import { Failure } from './failure.tsx';
import { Foreign, StateLabel } from './state.tsx';

/** What the gate would say to the event now. */
const FORECAST: Readonly<Record<Forecast, string>> = {
  apply: 'It would be applied: its subject has seen nothing newer.',
  stale: 'It would be stale: its subject has moved on, and nothing goes backwards.',
  quarantined: 'It would be quarantined: its subject has too many events of its revision.',
  repeat:
    'It was applied, and nothing newer since. The gate will recognise it, and nothing is applied twice.',
  unknown: 'It goes through the worker again. What comes of it shows only then.',
};

/** A forced run leaves the state as it is, so the feed does not tell of it. */
const FORCED_RUN_MS = 1_500;

interface ReplayProps {
  readonly event: EventSummary;
  readonly allowed: boolean;
  onDone(): void;
}

export function ReplayButton({ event, allowed, onDone }: ReplayProps) {
  const [open, setOpen] = useState(false);
  return (
    <>
      {!allowed && <span class="hint">Only operators may replay.</span>}
      <button type="button" class="primary" disabled={!allowed} onClick={() => setOpen(true)}>
        Replay…
      </button>
      {open && <ReplayDialog event={event} onDone={onDone} onClose={() => setOpen(false)} />}
    </>
  );
}

/** First asks what would happen, then does it. */
function ReplayDialog({ event, onDone, onClose }: Omit<ReplayProps, 'allowed'> & { onClose(): void }) {
  const [preview, setPreview] = useState<ReplayResult>();
  const [result, setResult] = useState<ReplayResult>();
  const [force, setForce] = useState(false);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string>();
  const call = async (body: { force: boolean; dryRun: boolean }, take: (result: ReplayResult) => void) => {
    setBusy(true);
    setFailure(undefined);
    try {
      take(await post<ReplayResult>(`${eventPath(event.source, event.id)}/replay`, body));
    } catch (error) {
      setFailure(error instanceof Error ? error.message : String(error));
    }
    setBusy(false);
  };
  useEffect(() => void call({ force: false, dryRun: true }, setPreview), []);
  const replay = () =>
    void call({ force, dryRun: false }, (done) => {
      setResult(done);
      wake();
      onDone();
      if (done.forced) setTimeout(onDone, FORCED_RUN_MS);
    });
  const isRepeat = preview?.forecast === 'repeat';
  return (
    <Dialog
      title={result ? 'Replayed' : 'Replay this event?'}
      confirm={result || !preview ? undefined : 'Replay'}
      busy={busy}
      onConfirm={replay}
      onClose={onClose}
    >
      <p>
        <StateLabel state={result?.was ?? event.state} /> <Foreign text={event.type} /> of {event.source},{' '}
        <Foreign text={event.id} />
      </p>
      {!preview && !failure && <p>Looking what would happen…</p>}
      {preview && !result && <p>{FORECAST[preview.forecast ?? 'unknown']}</p>}
      {isRepeat && !result && (
        <label class="check">
          <input
            type="checkbox"
            checked={force}
            onChange={({ currentTarget }) => setForce(currentTarget.checked)}
          />
          Run its handler again all the same, with the same idempotency key
        </label>
      )}
      {result && (
        <p role="status">
          {result.forced ? 'Its handler runs again.' : `It is on the queue; its state is ${result.state}.`}{' '}
          This page follows it.
        </p>
      )}
      {failure && <Failure message={failure} />}
    </Dialog>
  );
}
