import type { EventDetail } from '../../functions/api/types.ts';
import { Foreign } from './state.tsx';
import { Moment } from './time.tsx';

/** How the attempts of the handler failed, the last one open. */
export function Failures({ failures: { count, kept } }: { failures: EventDetail['failures'] }) {
  if (count === 0) return null;
  return (
    <section class="card">
      <h2>Failed attempts</h2>
      {kept.length < count && (
        <p class="hint">
          {count} in all: the first three and the last {kept.length - 3} are kept.
        </p>
      )}
      <ol class="steps">
        {kept.map(({ at, ms, name, message, stack }, index) => (
          <li key={`${at}${index}`}>
            <Moment at={at} /> <span class="hint">after {ms.toLocaleString()} ms</span>
            <p>
              <strong>
                <Foreign text={name} max={120} />
              </strong>
              {message !== null && (
                <>
                  : <Foreign text={message} max={1_000} />
                </>
              )}
            </p>
            {stack !== null && (
              <details open={index === kept.length - 1}>
                <summary>Stack</summary>
                <pre>
                  <Foreign text={stack} max={3_000} />
                </pre>
              </details>
            )}
          </li>
        ))}
      </ol>
    </section>
  );
}
