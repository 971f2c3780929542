import type { InletConfig, SourceConfig } from '../../functions/config/config.ts';
import { providers } from '../../functions/providers/index.ts';

/** A configuration with one source of every pack: for sizes only, as most packs need options to work. */
export function everyPack(): InletConfig {
  const sources: Record<string, SourceConfig> = {};
  for (const name of Object.keys(providers)) sources[name] = { provider: name };
  return { sources };
}
