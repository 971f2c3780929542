import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { HashScheme, HmacScheme } from '../pack/scheme.ts';
import { keyBytes } from './key.ts';
import { type Content, SECRET } from './signed-content.ts';
import type { Algorithm } from './signed-request.ts';

const digestBytes = { md5: 16, sha1: 20, sha256: 32, sha512: 64 } as const;

/** HMAC, or a plain hash: the digest that is right under a secret is computed and compared in constant time. */
export function digestAlgorithm(scheme: HmacScheme | HashScheme): Algorithm {
  const digestUnder = (secret: string) =>
    scheme.kind === 'hmac' ? hmacUnder(scheme, secret) : hashUnder(scheme, secret);
  return {
    bytes: digestBytes[scheme.algorithm],
    judge(secret) {
      const digest = digestUnder(secret);
      if (!digest) return undefined;
      return (content) => {
        const expected = digest(content);
        return (signature) => timingSafeEqual(signature, expected);
      };
    },
    sign: (secret, content) => digestUnder(secret)?.(content),
  };
}

/** Digests under a secret; undefined when it is not of the scheme's form. */
type Digest = ((content: Content) => Buffer) | undefined;

function hmacUnder(scheme: HmacScheme, secret: string): Digest {
  const key = keyBytes(secret, scheme.key);
  if (!key) return undefined;
  return (content) => {
    const computation = createHmac(scheme.algorithm, key);
    for (const chunk of content) {
      if (chunk === SECRET) throw new TypeError('an HMAC has its secret as the key, not in what is signed');
      computation.update(chunk);
    }
    return computation.digest();
  };
}

function hashUnder(scheme: HashScheme, secret: string): Digest {
  if (secret === '') return undefined;
  return (content) => {
    // Without the secret in it, anybody could compute the hash.
    if (!content.includes(SECRET)) throw new TypeError('a plain hash needs {secret} in what is signed');
    const computation = createHash(scheme.algorithm);
    for (const chunk of content) computation.update(chunk === SECRET ? secret : chunk);
    return computation.digest();
  };
}
