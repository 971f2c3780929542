/** Signatures that a provider makes with a private key and anybody can check. */
import {
  createECDH,
  createHash,
  createPrivateKey,
  createPublicKey,
  createVerify,
  type KeyObject,
} from 'node:crypto';

/** A P-256 public key in base64 SPKI (what is between the lines of a PEM file), or undefined. */
export function ecPublicKey(base64: string): KeyObject | undefined {
  if (base64.length > 512 || !/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) return undefined;
  try {
    const key = createPublicKey({ key: Buffer.from(base64, 'base64'), format: 'der', type: 'spki' });
    return key.asymmetricKeyDetails?.namedCurve === 'prime256v1' ? key : undefined;
  } catch {
    return undefined;
  }
}

/** A P-256 public key of a key set, or undefined. */
export function ecPublicKeyFromJwk(jwk: Readonly<Record<string, unknown>>): KeyObject | undefined {
  const { kty, crv, x, y } = jwk;
  if (kty !== 'EC' || crv !== 'P-256' || typeof x !== 'string' || typeof y !== 'string') return undefined;
  try {
    return createPublicKey({ key: { kty: 'EC', crv: 'P-256', x, y }, format: 'jwk' });
  } catch {
    return undefined;
  }
}

/** Never throws: a signature that cannot be read is a wrong one. */
export function holds(
  algorithm: 'sha1' | 'sha256',
  content: readonly (string | Buffer)[],
  key: KeyObject,
  signature: Buffer,
  dsaEncoding: 'der' | 'ieee-p1363' = 'der',
): boolean {
  try {
    const verifier = createVerify(algorithm);
    // Piece by piece: a large body is not copied.
    for (const chunk of content) verifier.update(chunk);
    return verifier.verify({ key, dsaEncoding }, signature);
  } catch {
    return false;
  }
}

/**
 * Bytes of base64 text in its one canonical spelling, or undefined. For signatures whose length differs from one
 * to the next (DER).
 */
export function decodeCanonicalBase64(text: string, maxBytes: number): Buffer | undefined {
  if (text.length > maxBytes * 2 || !/^[A-Za-z0-9+/]+={0,2}$/.test(text)) return undefined;
  const bytes = Buffer.from(text, 'base64');
  return bytes.length <= maxBytes && bytes.toString('base64') === text ? bytes : undefined;
}

/**
 * A P-256 private key in place of a provider's own, for samples: the same name gives the same key, which is
 * therefore public and worthless. It counts only where its public half has been configured as the secret.
 */
export function developmentEcKey(name: string): KeyObject {
  const ecdh = createECDH('prime256v1');
  const scalar = createHash('sha256').update(`inlet-development-${name}`).digest();
  ecdh.setPrivateKey(scalar);
  const point = ecdh.getPublicKey();
  const part = (from: number) => point.subarray(from, from + 32).toString('base64url');
  return createPrivateKey({
    key: { kty: 'EC', crv: 'P-256', x: part(1), y: part(33), d: scalar.toString('base64url') },
    format: 'jwk',
  });
}

export function spkiBase64(key: KeyObject): string {
  return createPublicKey(key).export({ format: 'der', type: 'spki' }).toString('base64');
}
