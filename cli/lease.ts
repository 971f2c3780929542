import type { LeaseResult } from '../functions/api/types.ts';
import type { Backend } from './backend.ts';
import { type Output, printable, printDocument } from './output.ts';

/** `inlet lease clear`: takes a subject from a handler that does not come back. */
export async function clearLease(
  output: Output,
  backend: Backend,
  source: string,
  subject: string,
  dryRun: boolean,
): Promise<void> {
  const result = await backend.clearLease(source, subject, dryRun);
  printDocument(output, result, () => {
    for (const line of describe(result)) output.line(printable(line));
  });
}

function describe({ source, subject, lease, cleared, dryRun }: LeaseResult): string[] {
  if (lease === null) return [`No handler has ${subject} of ${source}: there is nothing to clear.`];
  const whose = `The handler of ${lease.event ?? 'an unknown event'} has ${subject} of ${source} until ${lease.until}`;
  if (dryRun) return [`${whose}. Nothing was changed.`];
  if (!cleared) return [`${whose}, but it has ended by itself meanwhile.`];
  return [
    `${whose}: its lease is cleared, and the next event is let in.`,
    'If it is still at work, it cannot commit any more. Its event runs again, so its effect may happen twice.',
  ];
}
