import type { SourceDetail } from '../../functions/console/types.ts';
import { href } from '../location.ts';
import type { PageProps } from '../page-props.ts';
import { Failure } from '../parts/failure.tsx';
import { CopyButton } from '../parts/json.tsx';
import { Age } from '../parts/time.tsx';
import { useGet } from '../parts/use.ts';

export function SourcesPage({ me }: PageProps) {
  const { value, failure, reload } = useGet<{ sources: readonly SourceDetail[] }>('/api/sources/details');
  return (
    <>
      <div class="heading">
        <h1>Sources</h1>
        <span class="fill" />
        <a class="button" href="/console/openapi.json" target="_blank" rel="noreferrer">
          API description (OpenAPI)
        </a>
      </div>
      {failure && <Failure message={failure} onRetry={reload} />}
      {!value && !failure && <p class="end">Reading…</p>}
      {value?.sources.length === 0 && (
        <p class="end">There is no source yet: name one in inlet.config.ts and start again.</p>
      )}
      <div class="sources">
        {value?.sources.map((source) => (
          <SourceCard key={source.source} detail={source} canSend={me.produce} />
        ))}
      </div>
    </>
  );
}

function SourceCard({ detail, canSend }: { detail: SourceDetail; canSend: boolean }) {
  const { source, title, url, lastHeard, registration, secret, secretPosition, retries, documentation } =
    detail;
  return (
    <section class="card" aria-labelledby={`source-${source}`}>
      <div class="title">
        <h2 id={`source-${source}`}>{source}</h2>
        <span class="hint">{title}</span>
        <span class="fill" />
        {lastHeard !== undefined && (
          <span class={lastHeard ? 'heard' : 'heard never'}>
            {lastHeard ? (
              <>
                heard <Age at={lastHeard} /> ago
              </>
            ) : (
              'not heard yet'
            )}
          </span>
        )}
      </div>
      <p class="url">
        <code>{url}</code> <CopyButton text={url} label="Copy URL" />
      </p>
      <dl>
        <dt>Handler</dt>
        <dd>
          {detail.handler ??
            (detail.mode === 'each' ? 'keeps each event' : 'keeps the newest state of each subject')}
        </dd>
        <dt>Mode</dt>
        <dd>{detail.mode === 'each' ? 'every event once, in any order' : 'only the newest revision'}</dd>
        <dt>Secret</dt>
        <dd>
          {secret} <span class="hint">{positionText(secretPosition)}</span>
        </dd>
        <dt>Retries</dt>
        <dd>{retries}</dd>
      </dl>
      {registration.length > 0 && (
        <details>
          <summary>What to register</summary>
          <ol>
            {registration.map((sentence) => (
              <li key={sentence}>{sentence}</li>
            ))}
          </ol>
          {documentation.length > 0 && (
            <p class="hint">
              {documentation.map((page, n) => (
                <a key={page} href={page} target="_blank" rel="noreferrer noopener">
                  Documentation {documentation.length > 1 ? n + 1 : ''}{' '}
                </a>
              ))}
            </p>
          )}
        </details>
      )}
      <p>
        <a href={href('events', { source })}>Its events</a>
        {canSend && (
          <>
            {' · '}
            <a href={href('send', { source })}>Send a sample</a>
          </>
        )}
      </p>
    </section>
  );
}

function positionText(position: number | null): string {
  if (position === null) return 'Which one matched last: unknown here, the log of ingest says it.';
  if (position === 0) return 'The current one matched last.';
  return `Number ${position + 1} matched last: the provider still signs with an older secret.`;
}
