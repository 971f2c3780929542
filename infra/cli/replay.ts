import type { Backend } from './backend.ts';
import { findEvent } from './event-ref.ts';
import { type Output, printable, printDocument } from './output.ts';

/** `inlet replay`: sends one event through the worker again, past the same gates. */
export async function replay(output: Output, backend: Backend, words: readonly string[]): Promise<void> {
  const { source, id } = await findEvent(backend, words);
  const result = await backend.replay(source, id);
  printDocument(output, result, () => {
    const outcome =
      result.state === 'queued'
        ? 'is back in flight'
        : `was sent again; it stays ${result.state}, as nothing is applied twice`;
    output.line(printable(`${source}/${id} ${outcome}`));
  });
}
