import { ownFile } from './own-file.ts';

const shim = (name: string): string => ownFile(`infra/bundle/${name}`);

/** Whole modules, and what stands in their place. Each file says why, and what proves it. */
export const trims: Readonly<Record<string, string>> = {
  '@aws-sdk/credential-provider-node': shim('credentials'),
  'node:http': shim('node-http'),
  'node:https': shim('node-https'),
  https: shim('node-https'),
};
