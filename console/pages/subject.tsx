import type { SubjectState } from '../../functions/api/types.ts';
import { subjectPath } from '../api.ts';
import { href } from '../location.ts';
import type { PageProps } from '../page-props.ts';
import { Json } from '../parts/json.tsx';
import { Foreign } from '../parts/state.tsx';
import { SubjectHistory } from '../parts/subject-history.tsx';
import { Moment } from '../parts/time.tsx';
import { useGet } from '../parts/use.ts';

export function SubjectPage({ query }: PageProps) {
  const source = query.get('source') ?? '';
  const subject = query.get('subject') ?? '';
  const path = subjectPath(source, subject);
  const { value, failure, reload } = useGet<SubjectState>(path);
  return (
    <>
      <div class="heading">
        <h1>
          <Foreign text={subject} max={120} />
        </h1>
        <span class="fill" />
        <a class="button" href={href('events', { source, subject })}>
          Show in the list
        </a>
      </div>
      <p class="lead">
        Subject of <a href={href('events', { source })}>{source}</a>
      </p>
      <section class="card">
        <div class="title">
          <h2>Newest state</h2>
          <button type="button" class="quiet" onClick={reload}>
            Read again
          </button>
        </div>
        {value ? <Newest subject={value} /> : <p class="empty">{failure ?? 'Reading…'}</p>}
      </section>
      <section class="card">
        <h2>History</h2>
        <SubjectHistory source={source} subject={subject} />
      </section>
    </>
  );
}

function Newest({ subject }: { subject: SubjectState }) {
  return (
    <>
      <dl>
        <dt>Revision</dt>
        <dd>
          <Foreign text={subject.revision} />
        </dd>
        <dt>State</dt>
        <dd>
          <Foreign text={subject.state} />
        </dd>
        <dt>Since</dt>
        <dd>
          <Moment at={subject.updatedAt} />
        </dd>
      </dl>
      {subject.payload !== null && <Json value={subject.payload} label="Payload of the newest state" />}
    </>
  );
}
