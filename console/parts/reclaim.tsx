import { useState } from 'preact/hooks';
import type { EventDetail, ReclaimResult } from '../../functions/api/types.ts';
import { isOneOf, WRITES } from '../../functions/core/states.ts';
import { eventPath, post } from '../api.ts';
import { wake } from '../feed.ts';
import { Dialog } from './dialog.tsx';
import { Failure } from './failure.tsx';
import { Foreign, StateLabel } from './state.tsx';

interface ReclaimProps {
  readonly event: EventDetail;
  readonly allowed: boolean;
  onDone(): void;
}

/** For an event that has lost its message. It is there only while the event is in a state that can be reclaimed. */
export function ReclaimButton({ event, allowed, onDone }: ReclaimProps) {
  const [open, setOpen] = useState(false);
  const isOffered = allowed && isOneOf(WRITES.reclaim.from, event.state);
  return (
    <>
      {isOffered && (
        <button type="button" onClick={() => setOpen(true)}>
          Reclaim…
        </button>
      )}
      {open && <ReclaimDialog event={event} onDone={onDone} onClose={() => setOpen(false)} />}
    </>
  );
}

/** Says what it will do, then does it. Whether the message is lost nobody can tell: what the API refuses, it says why. */
function ReclaimDialog({ event, onDone, onClose }: Omit<ReclaimProps, 'allowed'> & { onClose(): void }) {
  const [result, setResult] = useState<ReclaimResult>();
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string>();
  const reclaim = async () => {
    setBusy(true);
    setFailure(undefined);
    try {
      setResult(await post<ReclaimResult>(`${eventPath(event.source, event.id)}/reclaim`));
      wake();
    } catch (error) {
      setFailure(error instanceof Error ? error.message : String(error));
    }
    setBusy(false);
  };
  const close = () => {
    onClose();
    // Only now: an event that is only claimed has no page, and with it this dialog would be gone.
    if (result) onDone();
  };
  const isArchived = event.headers !== null;
  return (
    <Dialog
      title={result ? 'Reclaimed' : 'Reclaim this event?'}
      confirm={result ? undefined : 'Reclaim'}
      busy={busy}
      onConfirm={() => void reclaim()}
      onClose={close}
    >
      <p>
        <StateLabel state={result?.was ?? event.state} /> <Foreign text={event.type} /> of {event.source},{' '}
        <Foreign text={event.id} />
      </p>
      {result ? (
        <p role="status">
          {result.sent
            ? 'It is sent again. This page follows it.'
            : 'It waits for its provider: have it sent again, and it is taken in.'}
        </p>
      ) : (
        <>
          <p>For an event whose message is lost: the queue was purged, or kept it for too long.</p>
          <p>
            {isArchived
              ? 'Its payload is kept, so it is sent again at once, with its attempts counted anew.'
              : 'Its payload is not kept, so nothing is sent: the event counts as unconfirmed, and the next time that its provider sends it, it is taken in.'}
          </p>
          <p>If its message is not lost after all, two copies are on their way, and only one is applied.</p>
        </>
      )}
      {failure && <Failure message={failure} />}
    </Dialog>
  );
}
