import { useEffect, useState } from 'preact/hooks';
import type { EventId, RedriveResult } from '../../functions/api/types.ts';
import { post } from '../api.ts';
import { wake } from '../feed.ts';
import { Dialog } from './dialog.tsx';
import { Failure } from './failure.tsx';
import { Foreign } from './state.tsx';

const MAX_LISTED = 50;

interface RedriveProps {
  /** Filters or ids, as the API takes them. */
  readonly request: Readonly<Record<string, unknown>>;
  /** Told which events are on the queue again. */
  onSent(sent: readonly EventId[]): void;
  onClose(): void;
}

/** First asks what would be redriven, then does exactly that. */
export function RedriveDialog({ request, onSent, onClose }: RedriveProps) {
  const [preview, setPreview] = useState<RedriveResult>();
  const [result, setResult] = useState<RedriveResult>();
  const [failure, setFailure] = useState<string>();
  const [busy, setBusy] = useState(false);
  const call = async (body: Readonly<Record<string, unknown>>, take: (result: RedriveResult) => void) => {
    setBusy(true);
    try {
      take(await post<RedriveResult>('/api/dead/redrive', body));
    } catch (error) {
      setFailure(error instanceof Error ? error.message : String(error));
    }
    setBusy(false);
  };
  useEffect(() => void call({ ...request, dryRun: true }, setPreview), []);
  // What was shown is sent, not what matches by then.
  const redrive = () => {
    const ids = preview?.ids.map(({ source, id }) => `${source}/${id}`) ?? [];
    void call({ ids, dryRun: false }, (done) => {
      setResult(done);
      onSent(done.ids);
      wake();
    });
  };
  const shown = result ?? preview;
  const canGoOn = preview && preview.ids.length > 0 && !result && !failure;
  return (
    <Dialog
      title={result ? 'Redriven' : 'Redrive these events?'}
      confirm={canGoOn ? `Redrive ${preview.ids.length.toLocaleString()}` : undefined}
      busy={busy}
      onConfirm={redrive}
      onClose={onClose}
    >
      {failure && <Failure message={failure} />}
      {!shown && !failure && <p>Looking what would be sent…</p>}
      {result ? (
        <p role="status">
          {result.redriven.toLocaleString()} on the queue. The list follows them.
          {preview?.more && ' More match: redrive again when these are through.'}
        </p>
      ) : (
        shown && (
          <p>
            {shown.matched === 0
              ? 'Nothing matches any more.'
              : `${shown.matched.toLocaleString()} match. They go through the worker again, the oldest first; what was applied is not applied twice.`}
          </p>
        )
      )}
      {shown && shown.ids.length > 0 && (
        <ul class="ids">
          {shown.ids.slice(0, MAX_LISTED).map(({ source, id }) => (
            <li key={`${source}/${id}`}>
              {source} <Foreign text={id} max={60} />
            </li>
          ))}
          {shown.ids.length > MAX_LISTED && (
            <li>and {(shown.ids.length - MAX_LISTED).toLocaleString()} more</li>
          )}
        </ul>
      )}
      {shown && shown.failed.length > 0 && (
        <ul class="ids bad">
          {shown.failed.slice(0, MAX_LISTED).map(({ source, id, problem }) => (
            <li key={`${source}/${id}`}>
              {source} <Foreign text={id} max={60} />: {problem}
            </li>
          ))}
        </ul>
      )}
    </Dialog>
  );
}
