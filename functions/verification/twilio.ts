/** Twilio's request signature (https://www.twilio.com/docs/usage/webhooks/webhooks-security). */
import { createHash, createHmac } from 'node:crypto';
import { hashOf } from '../core/bounds.ts';
import type { WebhookRequest } from '../pack/request.ts';
import type { CustomScheme } from '../pack/scheme.ts';
import { isForm, saysForm } from '../parsing/is-form.ts';
import { canonicalForm } from './canonical-form.ts';
import { decodeSignature, equalText } from './compare.ts';
import { matchSecret } from './match-secret.ts';
import { readUnverifiedForm } from './unverified.ts';

const HEADER = 'x-twilio-signature';
/** Far above any callback of Twilio's. */
const MAX_FORM_BYTES = 1024 * 1024;

export const twilioSignature: CustomScheme = {
  kind: 'custom',
  covers: {
    headers: [],
    url: true,
    body: 'fields',
    remains:
      'Nothing is signed between a field and its value, so a letter can be moved from one to the other.',
  },
  proof: 'HMAC-SHA1 over the URL and the sorted form, in base64; JSON by its hash in the URL',
  verify({ request, secrets }) {
    const header = request.headers[HEADER];
    if (!header) return { ok: false, reason: 'signature-missing', hint: HEADER };
    const signature = decodeSignature(header, 'base64', 20);
    if (!signature) return { ok: false, reason: 'signature-malformed' };
    const signed = signedPart(request);
    if (!signed) return { ok: false, reason: 'signature-mismatch', hint: 'the body is not what is signed' };
    const contents = urlSpellings(request.url).map((url) => url + signed.fields);
    const verdict = matchSecret(secrets, [signature], (secret) =>
      contents.map((content) => createHmac('sha1', secret).update(content).digest()),
    );
    // A body whose hash is signed is proven byte for byte, and cannot be read otherwise.
    return verdict.ok && !signed.byHash ? { ...verdict, proofId: nameOf(contents) } : verdict;
  },
  sign({ request, secret }) {
    if (secret === '') throw new TypeError('the auth token is empty');
    const signed = signedPart(request);
    if (!signed) {
      throw new TypeError('Twilio signs a body that is no form only by ?bodySHA256=<hash> in the URL');
    }
    return {
      [HEADER]: createHmac('sha1', secret)
        .update(request.url + signed.fields)
        .digest('base64'),
    };
  },
};

/**
 * Nothing marks in what is signed where the URL ends, or a name: with one signature a letter can be moved from one to the
 * next and the fields read otherwise. What is signed stays the same, however it is cut.
 */
function nameOf([withoutPort = '']: readonly string[]): string {
  return hashOf([withoutPort]);
}

/** What stands behind the URL in what is signed, and whether the hash of the body stands in the URL. */
interface Signed {
  readonly fields: string;
  readonly byHash: boolean;
}

/**
 * Behind the URL are signed: the fields of a form; nothing when the URL ends in the hash of a body that is no form, or when
 * there is no body. Behind the hash nothing may stand: the text of a message, moved into the URL, can hold one. Undefined
 * when nothing proves the body: a signature made for a GET must not carry a POST.
 */
function signedPart({ url, headers, body }: WebhookRequest): Signed | undefined {
  const saysSo = saysForm(headers['content-type']);
  const hash = saysSo ? undefined : /[?&]bodySHA256=([0-9a-f]{64})$/i.exec(url)?.[1];
  if (hash !== undefined) {
    const actual = createHash('sha256').update(body).digest('hex');
    return equalText(hash.toLowerCase(), actual) ? { fields: '', byHash: true } : undefined;
  }
  if (body.length === 0) return { fields: '', byHash: false };
  if (!saysSo || !isForm(body)) return undefined;
  const fields = readUnverifiedForm(body, MAX_FORM_BYTES);
  return fields && { fields: canonicalForm(fields), byHash: false };
}

/** Twilio signs the URL with or without the standard port, depending on the product. The first spelling has none. */
function urlSpellings(url: string): readonly string[] {
  const match = /^(https?):\/\/([^/?#]*)(.*)$/s.exec(url);
  if (!match) return [url];
  const [, scheme = '', authority = '', rest = ''] = match;
  const bare = authority.replace(/:\d{1,5}$/, '');
  const standard = `${bare}:${scheme === 'https' ? 443 : 80}`;
  return [...new Set([bare, authority, standard])].map((spelling) => `${scheme}://${spelling}${rest}`);
}
