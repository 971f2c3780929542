import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { keyBytes } from './key.ts';
import type { HashScheme, HmacScheme } from './scheme.ts';
import { type Content, SECRET } from './signed-content.ts';
import type { Algorithm } from './signed-request.ts';

const digestBytes = { md5: 16, sha1: 20, sha256: 32, sha512: 64 } as const;

/** HMAC, or a plain hash: the digest that is right under a secret is computed and compared in constant time. */
export function digestAlgorithm(scheme: HmacScheme | HashScheme): Algorithm {
  const digest = (secret: string, content: Content) =>
    scheme.kind === 'hmac' ? hmac(scheme, secret, content) : hash(scheme, secret, content);
  return {
    bytes: digestBytes[scheme.algorithm],
    judge(secret) {
      const usable = scheme.kind === 'hmac' ? keyBytes(secret, scheme.key) !== undefined : secret !== '';
      if (!usable) return undefined;
      return (content) => {
        const expected = digest(secret, content);
        return (signature) => expected !== undefined && timingSafeEqual(signature, expected);
      };
    },
    sign: digest,
  };
}

function hmac(scheme: HmacScheme, secret: string, content: Content): Buffer | undefined {
  const key = keyBytes(secret, scheme.key);
  if (!key) return undefined;
  const computation = createHmac(scheme.algorithm, key);
  for (const chunk of content) {
    if (chunk === SECRET) throw new TypeError('an HMAC has its secret as the key, not in what is signed');
    computation.update(chunk);
  }
  return computation.digest();
}

function hash(scheme: HashScheme, secret: string, content: Content): Buffer | undefined {
  if (secret === '') return undefined;
  // Without the secret in it, anybody could compute the hash.
  if (!content.includes(SECRET)) throw new TypeError('a plain hash needs {secret} in what is signed');
  const computation = createHash(scheme.algorithm);
  for (const chunk of content) computation.update(chunk === SECRET ? secret : chunk);
  return computation.digest();
}
