import { checkHandlers } from '../config/load.ts';
import { placeholdersIn } from '../config/placeholders.ts';
import { modeOf } from '../functions/config/mode.ts';
import { providers } from '../functions/providers/index.ts';
import { type Output, printDocument } from './output.ts';
import { yellow } from './table.ts';

/** One source as the configuration makes it. */
interface Checked {
  readonly source: string;
  readonly provider: string;
  readonly mode: string;
  readonly handler: string | null;
}

/**
 * `inlet check`: whether the configuration can work, and what its sources come to.
 * @throws ConfigurationError that lists every mistake.
 */
export async function checkConfig(output: Output): Promise<void> {
  const { config } = await checkHandlers();
  const sources = Object.entries(config.sources).flatMap(([source, own]): Checked[] => {
    const provider = providers[own.provider];
    if (!provider) return [];
    const mode = modeOf({ provider, config: own });
    return [{ source, provider: own.provider, mode, handler: own.handler ?? null }];
  });
  const warnings = placeholdersIn(config);
  printDocument(output, { sources, warnings }, () => {
    for (const { source, provider, mode, handler } of sources)
      output.line(
        `${source}  ${provider}  ${mode}  ${handler === null ? 'no handler' : `handler ${handler}`}`,
      );
    for (const warning of warnings) output.line(yellow(warning));
  });
}
