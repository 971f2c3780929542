import type { AuditReport, Counts, EventId } from '../../functions/api/types.ts';
import { OUTCOMES } from '../../functions/core/states.ts';
import { href } from '../location.ts';
import { Failure } from '../parts/failure.tsx';
import { Foreign } from '../parts/state.tsx';
import { useGet } from '../parts/use.ts';

const TERMS = [...OUTCOMES, 'inFlight'] as const;

function wordOf(term: (typeof TERMS)[number]): string {
  return term === 'inFlight' ? 'in flight' : term;
}

export function AuditPage() {
  const { value, failure, loading, reload } = useGet<AuditReport>('/api/audit');
  return (
    <>
      <div class="heading">
        <h1>Audit</h1>
        <span class="fill" />
        <button type="button" disabled={loading} onClick={reload}>
          {loading ? 'Counting…' : 'Count again'}
        </button>
      </div>
      <p class="lead">
        Every event that was ever accepted and is still kept, counted in the tables and on the queues.
      </p>
      {failure && <Failure message={failure} onRetry={reload} />}
      {!value && !failure && <p class="end">Counting everything; a large table takes a while.</p>}
      {value && <Report report={value} />}
    </>
  );
}

function Report({ report }: { report: AuditReport }) {
  const { balanced, total, sources, problems, missing, overdue } = report;
  return (
    <>
      <section class={`verdict ${balanced ? 'good' : 'bad'}`} role="status">
        <h2>
          {balanced ? 'Balanced: nothing is lost from sight' : 'Not balanced: look at the problems below'}
        </h2>
        <p class="equation">
          <Term count={total.accepted} word="accepted" /> ={' '}
          {TERMS.map((term, n) => (
            <span key={term}>
              {n > 0 && ' + '}
              <Term count={total[term]} word={wordOf(term)} />
            </span>
          ))}
        </p>
        {total.unconfirmed > 0 && <p>{describeUnconfirmed(report)}</p>}
      </section>
      {problems.length > 0 && (
        <section class="card">
          <h2>Problems</h2>
          {missing.count > 0 && (
            <p class="hint">
              What is on no queue is likely lost: open the event to reclaim it, and it is sent again or taken
              in again.
            </p>
          )}
          <ul>
            {problems.map(({ source, id, problem }) => (
              <li key={`${source}/${id}/${problem}`}>
                <EventLink event={{ source, id }} />: {problem}
              </li>
            ))}
          </ul>
        </section>
      )}
      {overdue.count > 0 && (
        <section class="card">
          <h2>Overdue</h2>
          <p class="hint">
            {overdue.count.toLocaleString()} in flight, without a trace for longer than any message is hidden.
            Open an event to reclaim it.
          </p>
          <ul>
            {overdue.ids.map((event) => (
              <li key={`${event.source}/${event.id}`}>
                <EventLink event={event} />
              </li>
            ))}
          </ul>
        </section>
      )}
      <section class="card">
        <h2>By source</h2>
        <div class="table">
          <table class="figures">
            <thead>
              <tr>
                <th scope="col">Source</th>
                <th scope="col" class="number">
                  accepted
                </th>
                {TERMS.map((term) => (
                  <th key={term} scope="col" class="number">
                    {wordOf(term)}
                  </th>
                ))}
                <th scope="col" class="number">
                  unconfirmed
                </th>
              </tr>
            </thead>
            <tbody>
              {Object.entries(sources).map(([source, counts]) => (
                <Line key={source} source={source} counts={counts} />
              ))}
            </tbody>
          </table>
        </div>
      </section>
    </>
  );
}

function EventLink({ event: { source, id } }: { event: EventId }) {
  return (
    <a href={href('event', { source, id })}>
      {source} <Foreign text={id} max={80} />
    </a>
  );
}

/** Nothing tells whether what is unconfirmed was acknowledged: no more is said than that. */
function describeUnconfirmed({ total, withoutMessage }: AuditReport): string {
  const unconfirmed = `${total.unconfirmed.toLocaleString()} unconfirmed`;
  if (withoutMessage.count === 0)
    return `${unconfirmed}: never acknowledged, so their providers send them again, or in flight.`;
  return `${unconfirmed}. At least ${withoutMessage.count.toLocaleString()} of them have no message: never acknowledged, or lost.`;
}

function Term({ count, word }: { count: number; word: string }) {
  return (
    <span class="term">
      <strong>{count.toLocaleString()}</strong> {word}
    </span>
  );
}

function Line({ source, counts }: { source: string; counts: Counts }) {
  return (
    <tr>
      <th scope="row">
        <a href={href('events', { source })}>{source}</a>
      </th>
      <td class="number" data-label="accepted">
        {counts.accepted.toLocaleString()}
      </td>
      {TERMS.map((term) => (
        <td key={term} class="number" data-label={wordOf(term)}>
          {counts[term].toLocaleString()}
        </td>
      ))}
      <td class="number" data-label="unconfirmed">
        {counts.unconfirmed.toLocaleString()}
      </td>
    </tr>
  );
}
