import type { Plugin } from 'esbuild';
import { isSdk } from './is-sdk.ts';
import { ownFile } from './own-file.ts';

const shim = (name: string): string => ownFile(`infra/bundle/${name}`);

/** Whole modules, and what stands in their place. Each file says why, and what proves it. */
export const trims: Readonly<Record<string, string>> = {
  '@aws-sdk/credential-provider-node': shim('credentials'),
  'node:http': shim('node-http'),
  'node:https': shim('node-https'),
  https: shim('node-https'),
};

/** Lets them stand in for what the SDK imports. A handler, and what it imports, gets what it asks for. */
export const trimSdk: Plugin = {
  name: 'trim-sdk',
  setup(build) {
    build.onResolve(
      { filter: /^(?:@aws-sdk\/credential-provider-node|(?:node:)?https?)$/ },
      ({ path, importer }) => {
        const instead = trims[path];
        return instead !== undefined && isSdk(importer) ? { path: instead } : undefined;
      },
    );
    // The SDK wants its version from its package.json files and would take in the whole of them.
    build.onLoad({ filter: /\.json$/ }, ({ path }) =>
      isSdk(path) ? { contents: '', loader: 'empty' } : undefined,
    );
  },
};
