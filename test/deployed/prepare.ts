import { localSecrets } from '../../infra/local/development-secrets.ts';
import defaultConfig from '../../inlet.config.ts';
import { synthesize } from '../helpers/template.ts';
import type { Deployment } from './scenario.ts';

/**
 * The default configuration as it would be deployed. Fortellis signs with a private key, so its public one is put
 * into the options, as `jwks` is on AWS where a key set is pinned.
 */
export function prepare(assets: string): Deployment {
  const { config, development } = localSecrets(defaultConfig, {}, { at: () => undefined, release: () => {} });
  return { template: synthesize(config, 'dev', assets), assets, config, secrets: development };
}
