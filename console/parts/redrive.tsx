import { useEffect, useState } from 'preact/hooks';
import type { EventId, Problem } from '../../functions/api/types.ts';
import { wake } from '../feed.ts';
import { MAX_LISTED, type RedriveRequest, RedriveRun } from '../redrive-run.ts';
import { Dialog } from './dialog.tsx';
import { Failure } from './failure.tsx';
import { Foreign } from './state.tsx';

interface RedriveProps {
  readonly request: RedriveRequest;
  /** Told which events are on the queue again. */
  onSent(sent: readonly EventId[]): void;
  onClose(): void;
}

/** First asks what would be redriven, then does it, page by page. */
export function RedriveDialog({ request, onSent, onClose }: RedriveProps) {
  const [, redraw] = useState(0);
  const [run] = useState(() => {
    const follow = (sent: readonly EventId[]) => {
      onSent(sent);
      wake();
    };
    return new RedriveRun(request, follow, () => redraw((count) => count + 1));
  });
  useEffect(() => {
    void run.look();
    return () => run.stop();
  }, []);
  const { phase, preview, failure, hasBegun } = run;
  const isRunning = phase === 'running' || phase === 'stopping';
  return (
    <Dialog
      title={(hasBegun && TITLES[phase]) || 'Redrive these events?'}
      confirm={confirmOf(run)}
      dismiss={hasBegun ? 'Close' : undefined}
      busy={phase === 'stopping'}
      onConfirm={() => (isRunning ? run.stop() : void run.goOn())}
      onClose={onClose}
    >
      {phase === 'looking' && <p>Looking what would be sent…</p>}
      {hasBegun ? <Progress run={run} /> : preview && <p>{describePreview(run)}</p>}
      {failure && <Failure message={failure} />}
      {failure && hasBegun && (
        <p class="hint">What this call did before it failed is not known, and not counted.</p>
      )}
      {hasBegun ? (
        <>
          <Events ids={run.ids} count={run.redriven} />
          <Problems problems={run.problems} count={run.failed} />
        </>
      ) : (
        preview && (
          <>
            <Events ids={preview.ids} count={preview.matched} />
            <Problems problems={preview.failed} count={preview.failed.length} />
          </>
        )
      )}
    </Dialog>
  );
}

const TITLES: Readonly<Partial<Record<RedriveRun['phase'], string>>> = {
  running: 'Redriving…',
  stopping: 'Stopping…',
  stopped: 'Stopped',
  failed: 'Not all could be asked for',
  done: 'Redriven',
};

function confirmOf({ phase, preview }: RedriveRun): string | undefined {
  if (phase === 'running' || phase === 'stopping') return 'Stop';
  if (phase === 'stopped' || (phase === 'failed' && preview)) return 'Go on';
  if (phase !== 'ready' || !preview) return undefined;
  return preview.more ? 'Redrive all' : `Redrive ${preview.ids.length.toLocaleString()}`;
}

function describePreview({ preview, phase }: RedriveRun): string {
  const matched = preview?.matched ?? 0;
  if (matched === 0 && phase === 'done') return 'Nothing matches any more.';
  const found = matched === 0 ? 'None is found yet.' : `${matched.toLocaleString()} match.`;
  return `${found} They go through the worker again, the oldest first; what was applied is not applied twice.`;
}

function Progress({ run: { phase, redriven, failed, total } }: { run: RedriveRun }) {
  const done = redriven + failed;
  return (
    <>
      {phase !== 'done' && done <= total && (
        <progress max={total} value={done} aria-label={`${done} of ${total} done`} />
      )}
      <p role="status">
        {redriven.toLocaleString()} on the queue. The list follows them.
        {failed > 0 && ` ${failed.toLocaleString()} could not be sent.`}
        {phase === 'stopped' && ' The rest is as it was.'}
      </p>
      {phase === 'running' && <p class="hint">Closing stops it, too, after the call under way.</p>}
    </>
  );
}

function Events({ ids, count }: { ids: readonly EventId[]; count: number }) {
  if (ids.length === 0) return null;
  return (
    <ul class="ids">
      {ids.slice(0, MAX_LISTED).map(({ source, id }) => (
        <li key={`${source}/${id}`}>
          {source} <Foreign text={id} max={60} />
        </li>
      ))}
      <More count={count} />
    </ul>
  );
}

function Problems({ problems, count }: { problems: readonly Problem[]; count: number }) {
  if (problems.length === 0) return null;
  return (
    <ul class="ids bad">
      {problems.slice(0, MAX_LISTED).map(({ source, id, problem }) => (
        <li key={`${source}/${id}`}>
          {source} <Foreign text={id} max={60} />: {problem}
        </li>
      ))}
      <More count={count} />
    </ul>
  );
}

function More({ count }: { count: number }) {
  return count > MAX_LISTED ? <li>and {(count - MAX_LISTED).toLocaleString()} more</li> : null;
}
