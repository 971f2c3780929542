import type { InletConfig } from '../../../functions/config/config.ts';
import { localSecrets } from '../../../local/development-secrets.ts';
import defaultConfig from '../../fixtures/inlet.config.ts';
import { synthesize } from '../../helpers/template.ts';
import type { Deployment } from './site.ts';

/**
 * The default configuration as it would be deployed. Fortellis signs with a private key, so the public one that goes
 * with it is pinned in the options, as a key set may be on AWS; the API key is no longer the placeholder.
 */
export function prepare(assets: string): Deployment {
  const local = localSecrets(defaultConfig, {}, { at: () => undefined, release: () => {} });
  const sources = Object.entries(local.config.sources).map(([name, source]) => {
    const { developmentJwks: jwks, ...options } = source.options ?? {};
    return [name, jwks ? { ...source, options: { ...options, apiKey: 'key-of-the-test', jwks } } : source];
  });
  const config: InletConfig = { ...local.config, sources: Object.fromEntries(sources) };
  return { template: synthesize(config, 'dev', assets), assets, config, secrets: local.development };
}
