import { ROOT } from './own-file.ts';

/** Packages that functions are made of; nothing of a handler's own is below them. */
const SDK = /[\\/]node_modules[\\/](?:@aws-sdk|@smithy|@aws-crypto|@aws|aws-jwt-verify)[\\/]/;

/** Whether a file is Inlet's or the SDK's, and not of whoever wrote the handlers. */
export function isSdk(file: string): boolean {
  return SDK.test(file) || isOwn(file);
}

/** Whether a file is one of Inlet's functions. */
export function isOwn(file: string): boolean {
  return file.startsWith(`${ROOT}/functions/`) || file.startsWith(`${ROOT}\\functions\\`);
}
