import { useEffect, useState } from 'preact/hooks';
import type { EventDetail } from '../../functions/api/types.ts';
import { GIVEN_UP, isOneOf, State } from '../../functions/core/states.ts';
import { eventPath } from '../api.ts';
import { keyOf } from '../event-store.ts';
import { listen, watchId } from '../feed.ts';
import { href } from '../location.ts';
import type { PageProps } from '../page-props.ts';
import { Failure } from '../parts/failure.tsx';
import { Failures } from '../parts/failures.tsx';
import { Json, Text } from '../parts/json.tsx';
import { ReclaimButton } from '../parts/reclaim.tsx';
import { ReplayButton } from '../parts/replay.tsx';
import { Foreign, meaningOf, StateLabel } from '../parts/state.tsx';
import { SubjectHistory } from '../parts/subject-history.tsx';
import { Moment } from '../parts/time.tsx';
import { useGet } from '../parts/use.ts';

export function EventPage({ me, query }: PageProps) {
  const source = query.get('source') ?? '';
  const id = query.get('id') ?? '';
  const { value, failure, reload } = useGet<EventDetail>(`${eventPath(source, id)}?body=true`);
  // Until the answer is there, the value is still that of the event before: nobody must replay that one by mistake.
  const event = value && keyOf(value) === keyOf({ source, id }) ? value : undefined;
  useEffect(() => {
    const key = keyOf({ source, id });
    return listen({
      watch: () => [watchId({ source, id })],
      onMissed: reload,
      onEvents: (events) => {
        const own = events.find((one) => keyOf(one) === key);
        if (own && event && (own.state !== event.state || own.attempts !== event.attempts)) reload();
      },
    });
  }, [source, id, event]);

  if (failure) return <Failure message={failure} onRetry={reload} />;
  if (!event) return <p class="end">Reading…</p>;
  return (
    <>
      <div class="heading">
        <h1>
          <Foreign text={event.type ?? 'Event'} max={120} />
        </h1>
        <StateLabel state={event.state} />
        <span class="fill" />
        <ReclaimButton event={event} allowed={me.access === 'operate'} onDone={reload} />
        <ReplayButton event={event} allowed={me.access === 'operate'} onDone={reload} />
      </div>
      <p class="lead">{meaningOf(event.state)}</p>
      {event.reason && (
        <p class={`notice ${isOneOf(GIVEN_UP, event.state) ? 'bad' : ''}`}>
          <Foreign text={event.reason} max={2_000} />
        </p>
      )}
      <div class="columns">
        <Facts event={event} />
        <History event={event} />
      </div>
      <Failures failures={event.failures} />
      <Payload event={event} />
      <HeadersOf event={event} />
      {event.effects.length > 0 && (
        <section class="card">
          <h2>Effects</h2>
          <Json value={event.effects} label="What the handler has recorded" />
        </section>
      )}
      {event.subject !== null && event.subject !== event.id && (
        <section class="card">
          <h2>
            History of{' '}
            <a href={href('subject', { source, subject: event.subject })}>
              <Foreign text={event.subject} max={120} />
            </a>
          </h2>
          <SubjectHistory source={source} subject={event.subject} here={event.id} />
        </section>
      )}
    </>
  );
}

function Facts({ event }: { event: EventDetail }) {
  const { source, id, subject, revision, tenant, attempts, batch, repeats, deliveries } = event;
  const isOwnSubject = subject === null || subject === id;
  return (
    <section class="card">
      <h2>Facts</h2>
      <dl>
        <dt>Source</dt>
        <dd>
          <a href={href('events', { source })}>{source}</a>
        </dd>
        <dt>Id</dt>
        <dd>
          <Foreign text={id} max={600} />
        </dd>
        <dt>Subject</dt>
        <dd>
          {isOwnSubject ? (
            'none: the event stands for itself'
          ) : (
            <a href={href('subject', { source, subject })}>
              <Foreign text={subject} max={600} />
            </a>
          )}
        </dd>
        {!isOwnSubject && (
          <>
            <dt>Revision</dt>
            <dd>
              <Foreign text={revision} />
            </dd>
          </>
        )}
        {tenant !== null && (
          <>
            <dt>Tenant</dt>
            <dd>
              <a href={href('events', { source, tenant })}>
                <Foreign text={tenant} />
              </a>
            </dd>
          </>
        )}
        <dt>Attempts</dt>
        <dd>{attempts}</dd>
        {batch !== null && (
          <>
            <dt>Came in</dt>
            <dd>
              a delivery of several events, <Foreign text={batch} max={80} />
            </dd>
          </>
        )}
        {repeats > 0 && (
          <>
            <dt>Repeats</dt>
            <dd>
              {repeats} under another id, which nothing signs:{' '}
              <Foreign text={deliveries.join(', ')} max={600} />
            </dd>
          </>
        )}
      </dl>
    </section>
  );
}

function History({ event }: { event: EventDetail }) {
  const took =
    event.receivedAt && event.settledAt ? Date.parse(event.settledAt) - Date.parse(event.receivedAt) : null;
  return (
    <section class="card">
      <h2>History</h2>
      <ol class="steps">
        {event.history.map((step) => (
          <li key={`${step.at}${step.state}`}>
            <Moment at={step.at} /> <strong>{step.state}</strong>
            {step.reason && (
              <p>
                <Foreign text={step.reason} max={500} />
              </p>
            )}
          </li>
        ))}
      </ol>
      {took !== null && <p class="hint">Settled {took.toLocaleString()} ms after it came in.</p>}
    </section>
  );
}

function Payload({ event }: { event: EventDetail }) {
  const [raw, setRaw] = useState(false);
  const isKept = event.headers !== null;
  return (
    <section class="card">
      <div class="title">
        <h2>Payload</h2>
        {isKept && (
          <fieldset class="switch">
            <legend class="unseen">How to show the payload</legend>
            <button type="button" aria-pressed={!raw} onClick={() => setRaw(false)}>
              Pretty
            </button>
            <button type="button" aria-pressed={raw} onClick={() => setRaw(true)}>
              Raw
            </button>
          </fieldset>
        )}
      </div>
      {!isKept ? (
        <p class="empty">
          {event.state === State.queued
            ? 'Kept as soon as the worker takes the event.'
            : 'Not kept (any more): see retentionDays and archive in the configuration.'}
        </p>
      ) : raw ? (
        <Text text={event.body ?? ''} label="Body as it arrived" />
      ) : (
        <Json value={event.payload} label="Payload" />
      )}
    </section>
  );
}

function HeadersOf({ event }: { event: EventDetail }) {
  if (event.headers === null) return null;
  const headers = Object.entries(event.headers);
  return (
    <details class="card">
      <summary>
        <h2>Headers</h2> <span class="hint">{headers.length} that are kept, no credential or signature</span>
      </summary>
      <dl class="headers">
        {headers.map(([name, value]) => (
          <>
            <dt key={name}>{name}</dt>
            <dd>
              <Foreign text={value} max={1_000} />
            </dd>
          </>
        ))}
      </dl>
    </details>
  );
}
