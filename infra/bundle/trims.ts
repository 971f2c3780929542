import { join } from 'node:path';

const shim = (name: string): string => join(import.meta.dirname, name);

/** Whole modules, and what stands in their place. Each file says why, and what proves it. */
export const trims: Readonly<Record<string, string>> = {
  '@aws-sdk/credential-provider-node': shim('credentials.ts'),
  'node:http': shim('node-http.ts'),
  'node:https': shim('node-https.ts'),
  https: shim('node-https.ts'),
};
