/**
 * Standard Webhooks (https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md)
 * and the older header names of Svix, where the scheme comes from.
 */

import type { AnyScheme, Ed25519Scheme, HmacScheme, KeyForm } from '../pack/scheme.ts';
import { keyBytes } from './key.ts';

const TOLERANCE_SECONDS = 300;

/** `whsec_` and base64. Some senders leave the prefix out. */
export const STANDARD_KEY: KeyForm = { strip: ['whsec_'], decode: 'base64' };

/** Without its prefix a public key could pass for a shared one, and anybody knows it. */
const PUBLIC_KEY: KeyForm = { strip: ['whpk_', 'whsk_'], decode: 'base64', otherwise: 'refuse' };

/** The symmetric signature `v1`, under the header names of a family. */
export function standardHmac(
  family: 'webhook' | 'svix' = 'webhook',
  key: KeyForm = STANDARD_KEY,
): HmacScheme {
  return { kind: 'hmac', algorithm: 'sha256', key, ...content(family, 'v1') };
}

/** The symmetric signature `v1` or the Ed25519 signature `v1a`: the form of the secret decides which one counts. */
export function standardWebhooks(family: 'webhook' | 'svix' = 'webhook'): AnyScheme {
  const asymmetric: Ed25519Scheme = { kind: 'ed25519', key: PUBLIC_KEY, ...content(family, 'v1a') };
  return { kind: 'any', schemes: [standardHmac(family), asymmetric] };
}

function content(family: 'webhook' | 'svix', version: string) {
  return {
    encoding: 'base64',
    signed: `{header.${family}-id}.{timestamp}.{body}`,
    signature: { header: `${family}-signature`, form: { kind: 'list', version } },
    timestamp: {
      from: { header: `${family}-timestamp` },
      unit: 'seconds',
      toleranceSeconds: TOLERANCE_SECONDS,
    },
  } as const;
}

/** What is wrong with a secret that should be `whsec_` and base64, or a public key `whpk_`. */
export function checkStandardSecret(secret: string): string | undefined {
  if (secret.startsWith('whsk_')) {
    return 'It is the private key of the sender: use the public key that begins with whpk_.';
  }
  if (secret.startsWith('whpk_')) {
    return keyBytes(secret, PUBLIC_KEY)?.length === 32
      ? undefined
      : 'A public key is whpk_ and 32 bytes in base64: copy all of it.';
  }
  return keyBytes(secret, STANDARD_KEY)
    ? undefined
    : 'It is whsec_ and base64, here decoded to the key: copy all of it, with the prefix.';
}
