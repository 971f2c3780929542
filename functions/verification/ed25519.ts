import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import type { Ed25519Scheme } from '../pack/scheme.ts';
import { keyBytes } from './key.ts';
import { type Content, SECRET } from './signed-content.ts';
import type { Algorithm } from './signed-request.ts';

const KEY_BYTES = 32;
const SIGNATURE_BYTES = 64;

/**
 * Two keys and three signatures, or one key and six. A provider sends one signature for each key that is changing hands; of
 * 6 MB each verification takes some 6 ms, and whoever asks for it has proven nothing yet.
 */
const MAX_VERIFICATIONS = 6;

/** What stands before the raw bytes of a key in DER (RFC 8410, sections 4 and 7). */
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');
const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');

/** Ed25519 (RFC 8032). The secret is the public key, or for samples seed and public key together. */
export function ed25519Algorithm(scheme: Ed25519Scheme): Algorithm {
  return {
    bytes: SIGNATURE_BYTES,
    maxJudgements: MAX_VERIFICATIONS,
    judge(secret) {
      const bytes = keyBytes(secret, scheme.key);
      const raw = bytes?.length === 2 * KEY_BYTES ? bytes.subarray(KEY_BYTES) : bytes;
      const key = raw?.length === KEY_BYTES ? publicKey(raw) : undefined;
      if (!key) return undefined;
      return (content) => {
        const message = join(content);
        return (signature) => verify(null, message, key, signature);
      };
    },
    sign(secret, content) {
      const bytes = keyBytes(secret, scheme.key);
      if (bytes?.length !== 2 * KEY_BYTES) return undefined;
      const der = Buffer.concat([PKCS8_PREFIX, bytes.subarray(0, KEY_BYTES)]);
      return sign(null, join(content), createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }));
    },
  };
}

/** Any 32 bytes make one; under those that are no point of the curve, no signature is right. */
function publicKey(raw: Buffer): KeyObject {
  return createPublicKey({ key: Buffer.concat([SPKI_PREFIX, raw]), format: 'der', type: 'spki' });
}

function join(content: Content): Buffer {
  const chunks = content.map((chunk) => {
    if (chunk === SECRET) throw new TypeError('a public key has no secret to sign');
    return Buffer.from(chunk);
  });
  return Buffer.concat(chunks);
}
