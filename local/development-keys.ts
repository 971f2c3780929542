import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type JsonWebKey,
  type KeyObject,
} from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { DEVELOPMENT_KEY_ID } from '../functions/verification/token.ts';

/** A key pair in place of a provider's own, for sources whose requests are signed with a private key. */
export interface DevelopmentKeys {
  /** PKCS#8 PEM in base64, on one line. */
  readonly privateKey: string;
  /** The public key, as the pack's option `developmentJwks` takes it. */
  readonly jwks: { readonly keys: readonly JsonWebKey[] };
}

/**
 * Reads the key pair, or makes one the first time.
 * @param file that keeps it; undefined makes a new pair each time.
 */
export function developmentKeys(file: string | undefined): DevelopmentKeys {
  const pem = (file && readPem(file)) ?? createPem();
  if (file) writeFileSync(file, JSON.stringify({ privateKey: pem }), { mode: 0o600 });
  return {
    privateKey: Buffer.from(pem).toString('base64'),
    jwks: { keys: [publicJwk(createPrivateKey(pem))] },
  };
}

/** Undefined when there is no file, or none that can be used: a new pair takes its place. */
function readPem(file: string): string | undefined {
  try {
    const content: unknown = JSON.parse(readFileSync(file, 'utf8'));
    const { privateKey } = content as { privateKey?: unknown };
    if (typeof privateKey !== 'string') return undefined;
    createPrivateKey(privateKey);
    return privateKey;
  } catch {
    return undefined;
  }
}

function createPem(): string {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

function publicJwk(privateKey: KeyObject): JsonWebKey {
  const jwk = createPublicKey(privateKey).export({ format: 'jwk' });
  return { ...jwk, kid: DEVELOPMENT_KEY_ID, alg: 'RS256', use: 'sig' };
}
