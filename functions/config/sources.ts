import type { Provider } from '../pack/provider.ts';
import type { ProviderOptions } from '../pack/request.ts';
import { DEFAULT_RETENTION_DAYS, type InletConfig, type SourceConfig } from './config.ts';

/** A configured source with its pack at hand. */
export interface Source {
  readonly name: string;
  readonly config: SourceConfig;
  readonly provider: Provider;
  readonly options: ProviderOptions;
}

/** The options of a source as its pack sees them: `unsigned` counts in either place. */
export function optionsOf(config: SourceConfig): ProviderOptions {
  return config.unsigned === undefined
    ? (config.options ?? {})
    : { ...config.options, unsigned: config.unsigned };
}

/** Looks sources up by name. Names come from URLs: only own properties count. */
export class Sources {
  readonly #sources = new Map<string, Source>();

  /** The configuration has been validated before: an unknown pack is a bug here. */
  constructor(config: InletConfig, providers: Readonly<Record<string, Provider>>) {
    for (const [name, source] of Object.entries(config.sources)) {
      const provider = providers[source.provider];
      if (!provider) throw new TypeError(`no provider pack ${source.provider}`);
      this.#sources.set(name, { name, config: source, provider, options: optionsOf(source) });
    }
  }

  get(name: string): Source | undefined {
    return this.#sources.get(name);
  }

  get all(): readonly Source[] {
    return [...this.#sources.values()];
  }
}

/** How long events and ledger entries are kept, in seconds: never shorter than any provider goes on retrying. */
export function retentionSeconds(config: InletConfig, sources: Sources): number {
  const days = config.retentionDays ?? DEFAULT_RETENTION_DAYS;
  return Math.max(
    days * 86_400,
    ...sources.all.map(({ provider }) => (provider.retries.periodSeconds ?? 0) + 86_400),
  );
}
