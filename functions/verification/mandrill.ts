import { createHmac } from 'node:crypto';
import type { CustomScheme } from '../pack/scheme.ts';
import { canonicalForm } from './canonical-form.ts';
import { decodeSignature } from './compare.ts';
import { BODY_ONLY } from './coverage.ts';
import { matchSecret } from './match-secret.ts';
import { readUnverifiedForm } from './unverified.ts';

const HEADER = 'x-mandrill-signature';
const FIELD = Buffer.from('mandrill_events=');

/** Mandrill: HMAC-SHA1 over the URL and the sorted form (https://mailchimp.com/developer/transactional/guides/track-respond-activity-webhooks/). */
export const mandrillSignature: CustomScheme = {
  kind: 'custom',
  covers: { ...BODY_ONLY, url: true },
  proof: 'HMAC-SHA1 over the URL and the sorted form, in base64',
  verify({ request, secrets }) {
    const header = request.headers[HEADER];
    if (!header) return { ok: false, reason: 'signature-missing', hint: HEADER };
    const signature = decodeSignature(header, 'base64', 20);
    // The one field that Mandrill sends. Anything else is not worth undoing the escapes of a large body.
    const isMandrill = request.body.subarray(0, FIELD.length).equals(FIELD);
    const fields = signature && isMandrill ? readUnverifiedForm(request.body) : undefined;
    // A second one could say the same without changing what is signed, or carry the end of the first.
    if (!signature || fields?.length !== 1) return { ok: false, reason: 'signature-malformed' };
    const content = request.url + canonicalForm(fields);
    return matchSecret(secrets, [signature], (secret) => [
      createHmac('sha1', secret).update(content).digest(),
    ]);
  },
  sign({ request, secret }) {
    const fields = readUnverifiedForm(request.body);
    if (!fields || secret === '') throw new TypeError('Mandrill signs forms, with a key that is not empty');
    const content = request.url + canonicalForm(fields);
    return { [HEADER]: createHmac('sha1', secret).update(content).digest('base64') };
  },
};
