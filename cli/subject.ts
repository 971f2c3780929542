import type { ResetResult } from '../functions/api/types.ts';
import type { Backend } from './backend.ts';
import { type Output, printable, printDocument } from './output.ts';

/** `inlet subject reset`: lifts a wrong revision from a subject. Without `yes` it says what would become of it. */
export async function resetSubject(
  output: Output,
  backend: Backend,
  source: string,
  subject: string,
  yes: boolean,
): Promise<void> {
  const result = await backend.resetSubject(source, subject, !yes);
  printDocument(output, result, () => {
    for (const line of describe(result)) output.line(printable(line));
  });
}

function describe({ source, subject, was, reset }: ResetResult): string[] {
  if (was === null) return [`${subject} of ${source} has no revision: there is nothing to lift.`];
  const { revision, event, state, updatedAt } = was;
  const stands = `${subject} of ${source} ${reset ? 'stood' : 'stands'} at revision ${revision} by ${event} of ${updatedAt}, ${state}.`;
  const then = [
    'The next event is applied whatever its revision, also an old one that is on its way.',
    'Its state stays until then, and what was stale meanwhile stays stale.',
  ];
  if (!reset) return [stands, ...then, 'Nothing was changed: add --yes to lift it.'];
  return [`${stands} That is lifted.`, ...then];
}
