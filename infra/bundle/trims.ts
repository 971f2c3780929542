import { join } from 'node:path';

const shim = (name: string): string => join(import.meta.dirname, name);

/** Modules that a function never runs, and what stands in their place. Each file says why, and what proves it. */
export const trims: Readonly<Record<string, string>> = {
  '@aws-sdk/credential-provider-node': shim('credentials.ts'),
  'node:http': shim('node-http.ts'),
  'node:https': shim('node-https.ts'),
  https: shim('node-https.ts'),
};

/** The entry alone: the S3 client needs more of these than is left. */
export const entryTrims: Readonly<Record<string, string>> = {
  ...trims,
  '@aws-sdk/middleware-endpoint-discovery': shim('endpoint-discovery.ts'),
  '@aws/lambda-invoke-store': shim('invoke-store.ts'),
  '@smithy/core/checksum': shim('checksum.ts'),
  '@smithy/core/config': shim('config.ts'),
  '@smithy/core/event-streams': shim('event-streams.ts'),
};

/** Where the entry finds the S3 client at run time: functions import `@aws-sdk/client-s3` dynamically only. */
export const S3_FILE = './s3.mjs';
