/** Braintree: a form with a base64 payload and `public_key|signature` pairs (https://developer.paypal.com/braintree/docs/guides/webhooks/parse). */
import { createHash, createHmac } from 'node:crypto';
import type { CustomScheme } from '../pack/scheme.ts';
import { decodeSignature } from './compare.ts';
import { BODY_ONLY } from './coverage.ts';
import { matchSecret } from './match-secret.ts';
import { onlyField, readUnverifiedForm } from './unverified.ts';

/** The challenge of the handshake, which anybody may ask Inlet to sign. */
export const BRAINTREE_CHALLENGE = /^[a-f0-9]{20,32}$/;
/** The same as a payload, which may end in line breaks. Anchored, so that a megabyte of them is read once. */
const CHALLENGE_AS_PAYLOAD = /^[a-f0-9]{20,32}\n*$/;

const MAX_PAIRS = 16;
const MAX_BYTES = 1024 * 1024;

export const braintreeSignature: CustomScheme = {
  kind: 'custom',
  covers: BODY_ONLY,
  proof: 'HMAC-SHA1 over the payload, in the form',
  verify({ request, secrets }) {
    const fields = readUnverifiedForm(request.body, MAX_BYTES);
    const header = fields && onlyField(fields, 'bt_signature');
    const payload = fields && onlyField(fields, 'bt_payload');
    // A field such as `bt_payload[]` would be read together with the payload, and nothing signs it.
    if (!header || !payload || fields.filter(([name]) => name.startsWith('bt_')).length !== 2)
      return { ok: false, reason: 'signature-missing', hint: 'bt_signature and bt_payload' };
    // Anybody can have a challenge signed by GET: a payload that could be one proves nothing.
    if (!/^[A-Za-z0-9+/=\n]+$/.test(payload) || CHALLENGE_AS_PAYLOAD.test(payload)) {
      return { ok: false, reason: 'signature-malformed', hint: 'bt_payload is not a payload' };
    }
    const pairs = header.split('&', MAX_PAIRS).map((pair) => pair.split('|'));
    const decoded = pairs.flatMap(([name, hex]) => {
      const signature = hex === undefined ? undefined : decodeSignature(hex, 'hex', 20);
      return signature ? [{ name, signature }] : [];
    });
    if (decoded.length === 0) return { ok: false, reason: 'signature-malformed' };
    // A pair counts only for the key that it names.
    return matchSecret(secrets, [Buffer.alloc(1, 1)], (secret) => {
      const keys = braintreeKeys(secret);
      if (!keys) return undefined;
      const own = decoded.filter(({ name }) => name === keys.publicKey).map(({ signature }) => signature);
      // The SDKs accept both, because forms lose a line break at the end now and then.
      const contents = [payload, `${payload}\n`].map((content) => braintreeDigest(keys.privateKey, content));
      const { ok } = matchSecret(['own'], own, () => contents);
      return [Buffer.alloc(1, ok ? 1 : 0)];
    });
  },
  sign: () => ({}),
  prepare({ request, secret }) {
    const keys = braintreeKeys(secret);
    if (!keys) throw new TypeError('the secret of Braintree is "public_key|private_key"');
    const payload = `${request.body.toString('base64')}\n`;
    const signature = `${keys.publicKey}|${braintreeDigest(keys.privateKey, payload).toString('hex')}`;
    return {
      body: Buffer.from(new URLSearchParams({ bt_signature: signature, bt_payload: payload }).toString()),
    };
  },
};

/** The two keys of a secret `public_key|private_key`. */
export function braintreeKeys(
  secret: string,
): { readonly publicKey: string; readonly privateKey: string } | undefined {
  const match = /^([^|\s]+)\|([^|\s]+)$/.exec(secret);
  return match?.[1] && match[2] ? { publicKey: match[1], privateKey: match[2] } : undefined;
}

export function braintreeDigest(privateKey: string, content: string): Buffer {
  const key = createHash('sha1').update(privateKey).digest();
  return createHmac('sha1', key).update(content).digest();
}
