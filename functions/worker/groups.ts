import { compareRevisions } from '../core/revisions.ts';
import type { Task } from './read-message.ts';

/**
 * Events of one subject go one after the other, oldest revision first, and those of one revision as they arrived; subjects,
 * and events by themselves, go side by side.
 */
export function groupBySubject(tasks: readonly Task[]): readonly (readonly Task[])[] {
  const groups = Map.groupBy(tasks, (task) => {
    if (task.kind !== 'event') return task.record.messageId;
    const { source, facts } = task;
    const bySubject = facts.gate === 'subject' || source.config.serial;
    return `${source.name}#${bySubject ? facts.subject : facts.id}`;
  });
  return [...groups.values()].map((group) => group.toSorted(byRevision));
}

function byRevision(a: Task, b: Task): number {
  if (a.kind !== 'event' || b.kind !== 'event') return 0;
  return (
    compareRevisions(a.facts.revision, b.facts.revision) || a.envelope.receivedAt - b.envelope.receivedAt
  );
}
