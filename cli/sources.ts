import type { Backend } from './backend.ts';
import { type Output, printDocument } from './output.ts';
import { printRows } from './table.ts';

/** `inlet sources`: the configured sources and their webhook URLs. */
export async function listSources(output: Output, backend: Backend): Promise<void> {
  const sources = (await backend.sources()).map((source) => ({
    ...source,
    url: `${backend.origin}${source.path}`,
  }));
  printDocument(output, { sources }, () =>
    printRows(
      output,
      ['source', 'provider', 'handler', 'mode', 'url'],
      sources.map(({ source, provider, handler, mode, url }) => [
        source,
        provider,
        handler ?? 'state projection',
        mode,
        url,
      ]),
    ),
  );
}
