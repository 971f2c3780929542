import type { Plugin } from 'esbuild';
import type { InletConfig } from '../../functions/config/config.ts';
import { isOwn } from './is-sdk.ts';
import { ownFile } from './own-file.ts';

/** Leaves out Secrets Manager where the configuration keeps the secrets in SSM. */
export function usedStoreOnly({ secrets }: { readonly secrets: InletConfig['secrets'] }): Plugin {
  return {
    name: 'used-store-only',
    setup(build) {
      if (secrets === 'secrets-manager') return;
      build.onResolve({ filter: /\/secrets-manager\.[jt]s$/ }, ({ importer }) =>
        isOwn(importer) ? { path: ownFile('infra/bundle/secrets-manager') } : undefined,
      );
    },
  };
}
