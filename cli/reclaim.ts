import type { EventId, Problem, ReclaimResult } from '../functions/api/types.ts';
import type { Backend } from './backend.ts';
import { CliError } from './cli-error.ts';
import { findEvent } from './event-ref.ts';
import { type Output, printable, printDocument } from './output.ts';
import { green, printRows } from './table.ts';

/**
 * `inlet reclaim`: takes back what has lost its message, one event or all that the audit names, so that its provider's
 * repeat is taken in. What is archived is sent at once.
 * @throws CliError with exit code 1 when one is not in flight, 2 when nothing says which.
 */
export async function reclaim(
  output: Output,
  backend: Backend,
  { words, all }: { readonly words: readonly string[]; readonly all: boolean },
): Promise<void> {
  if (all === words.length > 0) throw new CliError('Say which: an event, or --all that the audit names.');
  if (all) return reclaimAll(output, backend);
  const { source, id } = await findId(backend, words);
  const result = await backend.reclaim(source, id);
  printDocument(output, result, () => output.line(printable(`${source}/${id} ${describe(result)}`)));
}

/** An event that is only claimed is not shown, so that it has to be written with its source. */
async function findId(backend: Backend, words: readonly string[]): Promise<EventId> {
  try {
    return await findEvent(backend, words);
  } catch (error) {
    const [source = '', ...rest] = words.length > 1 ? words : (words[0] ?? '').split('/');
    const isMissing = error instanceof CliError && error.exitCode === 1;
    if (!isMissing || rest.length === 0) throw error;
    return { source, id: rest.join('/') };
  }
}

function describe({ sent }: ReclaimResult): string {
  return sent ? 'was sent again' : 'is taken in when its provider sends it again';
}

/** The audit names a hundred at a time, and others once these are not in flight any more. */
async function reclaimAll(output: Output, backend: Backend): Promise<void> {
  const reclaimed: ReclaimResult[] = [];
  const failed: Problem[] = [];
  const tried = new Set<string>();
  for (;;) {
    const { missing, overdue, withoutMessage } = await backend.audit();
    const named = [missing, overdue, withoutMessage].flatMap((list) => list?.ids ?? []);
    const fresh = named.filter(({ source, id }) => !tried.has(`${source}/${id}`));
    if (fresh.length === 0) break;
    for (const { source, id } of fresh) {
      if (tried.has(`${source}/${id}`)) continue;
      tried.add(`${source}/${id}`);
      try {
        reclaimed.push(await backend.reclaim(source, id));
      } catch (error) {
        if (!(error instanceof CliError && error.exitCode === 1)) throw error;
        failed.push({ source, id, problem: error.message });
      }
    }
  }
  printDocument(output, { reclaimed, failed }, () => {
    printRows(
      output,
      ['source', 'id', 'sent'],
      reclaimed.map(({ source, id, sent }) => [source, id, sent ? 'yes' : 'by its provider']),
    );
    output.line('');
    output.line(green(`${reclaimed.length} reclaimed.`));
  });
  if (failed.length === 0) return;
  const reasons = failed.map(({ source, id, problem }) => `${source}/${id}: ${problem}`);
  throw new CliError(`${failed.length} could not be reclaimed:\n${reasons.join('\n')}`, 1);
}
