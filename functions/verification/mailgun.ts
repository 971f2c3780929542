/** Mailgun's signature stands in the body and covers its own time and token only. */

import { createHash, createHmac } from 'node:crypto';
import { isObject } from '../core/is-object.ts';
import type { WebhookRequest } from '../pack/request.ts';
import type { CustomScheme, TimestampRule } from '../pack/scheme.ts';
import { isForm, saysForm } from '../parsing/is-form.ts';
import { decodeSignature } from './compare.ts';
import { checkFreshness } from './freshness.ts';
import { matchSecret } from './match-secret.ts';
import { onlyField, readUnverifiedForm, readUnverifiedJson } from './unverified.ts';

/**
 * Wide, because Mailgun goes on for eight hours and advises against a narrow window
 * (https://documentation.mailgun.com/docs/mailgun/user-manual/webhooks/securing-webhooks). It must only close
 * before the ledger forgets the token.
 */
const window: TimestampRule = {
  from: { body: 'signature.timestamp' },
  unit: 'seconds',
  toleranceSeconds: 12 * 3_600,
  futureSeconds: 300,
};

const MAX_FORM_BYTES = 2 * 1024 * 1024;

interface Proof {
  readonly timestamp: string;
  readonly token: string;
  readonly signature: string;
}

export const mailgunSignature: CustomScheme = {
  kind: 'custom',
  covers: {
    headers: [],
    url: false,
    body: ['signature.timestamp', 'signature.token', 'timestamp', 'token'],
    remains:
      'Nothing of the event is signed: with the proof of a request that has not reached Inlet, anybody can send any one event for 12 hours.',
  },
  proof: 'HMAC-SHA256 over time and token, all three in the body; the event is not signed',
  verify({ request, secrets, options, now }) {
    const proof = proofIn(request);
    if (!proof)
      return {
        ok: false,
        reason: 'signature-missing',
        hint: 'signature.{timestamp,token,signature} of the body',
      };
    const signature = decodeSignature(proof.signature, 'hex', 32);
    if (!signature) return { ok: false, reason: 'signature-malformed' };
    const verdict = matchSecret(secrets, [signature], (secret) => [digest(secret, proof)]);
    if (!verdict.ok) return verdict;
    const stale = checkFreshness(proof.timestamp, window, options, now);
    return stale ? { ok: false, ...stale } : { ...verdict, proofId: proof.token };
  },
  sign: () => ({}),
  prepare({ request, secret, now }) {
    const event: unknown = JSON.parse(request.body.toString('utf8'));
    if (!isObject(event)) throw new TypeError('an event of Mailgun is a JSON object');
    // The same event keeps its token.
    const token = createHash('sha256').update(request.body).digest('hex').slice(0, 50);
    const timestamp = String(Math.floor(now / 1000));
    const signature = digest(secret, { timestamp, token }).toString('hex');
    return { body: Buffer.from(JSON.stringify({ signature: { timestamp, token, signature }, ...event })) };
  },
};

function digest(secret: string, { timestamp, token }: Pick<Proof, 'timestamp' | 'token'>): Buffer {
  return createHmac('sha256', secret).update(timestamp).update(token).digest();
}

/** Events carry an object `signature`; messages that a route forwards carry the three as fields of the form. */
function proofIn({ headers, body }: WebhookRequest): Proof | undefined {
  if (saysForm(headers['content-type'])) {
    const fields = isForm(body) ? readUnverifiedForm(body, MAX_FORM_BYTES) : undefined;
    return fields && proofFrom((name) => onlyField(fields, name));
  }
  const proof = readUnverifiedJson(body)?.signature;
  return isObject(proof)
    ? proofFrom((name) => (Object.hasOwn(proof, name) ? proof[name] : undefined))
    : undefined;
}

function proofFrom(read: (name: string) => unknown): Proof | undefined {
  const token = read('token');
  const signature = read('signature');
  const timestamp = read('timestamp');
  const time = typeof timestamp === 'number' ? String(timestamp) : timestamp;
  // Ten digits exactly: nothing marks where the time ends, so a digit of the token could pass for one of it.
  if (typeof time !== 'string' || !/^\d{10}$/.test(time)) return undefined;
  if (typeof token !== 'string' || !/^[\w-]{20,100}$/.test(token) || typeof signature !== 'string')
    return undefined;
  return { timestamp: time, token, signature };
}
