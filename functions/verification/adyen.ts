/** Adyen's standard webhooks: every item of the body carries its own HMAC (https://docs.adyen.com/development-resources/webhooks/secure-webhooks/verify-hmac-signatures). */

import { createHmac } from 'node:crypto';
import { isObject } from '../core/is-object.ts';
import type { CustomScheme, Verdict } from '../pack/scheme.ts';
import { parseJson, stringifyJson } from '../parsing/json.ts';
import { decodeSignature } from './compare.ts';
import { keyBytes } from './key.ts';
import { matchSecret } from './match-secret.ts';
import { readUnverifiedJson, type UnverifiedFields } from './unverified.ts';

/** Adyen sends one item at a time as JSON, six as SOAP: more than this is not Adyen. */
const MAX_ITEMS = 100;

/** Within an item. The rest of it, such as eventDate, reason and additionalData, is not signed. */
const SIGNED_FIELDS = [
  'pspReference',
  'originalReference',
  'merchantAccountCode',
  'merchantReference',
  'amount.value',
  'amount.currency',
  'eventCode',
  'success',
].map((field) => `NotificationRequestItem.${field}`);

export const adyenItemSignatures: CustomScheme = {
  kind: 'custom',
  covers: { headers: [], url: false, body: SIGNED_FIELDS },
  proof: 'HMAC-SHA256 over eight fields of each item, in the body',
  verify({ request, secrets }) {
    const items = itemsOf(readUnverifiedJson(request.body));
    if (!items) return { ok: false, reason: 'signature-malformed', hint: 'no list of notificationItems' };
    let first: Verdict | undefined;
    for (const item of items) {
      const verdict = verifyItem(item, secrets);
      // One item that is not proven spoils the request: it would be taken in together with the others.
      if (!verdict.ok) return verdict;
      first ??= verdict;
    }
    return first ?? { ok: false, reason: 'signature-missing', hint: 'no items, so nothing is signed' };
  },
  sign: () => ({}),
  prepare({ request, secret }) {
    const body: unknown = parseJson(request.body.toString('utf8'));
    for (const item of itemsOf(body) ?? []) {
      const additionalData = isObject(item.additionalData) ? item.additionalData : {};
      const content = signedContent(item);
      if (content === undefined)
        throw new TypeError(
          'an item of Adyen has a pspReference, an eventCode and success, and colons in merchantReference only',
        );
      const hmacSignature = digest(secret, content)?.toString('base64');
      if (hmacSignature === undefined) throw new TypeError('the HMAC key of Adyen is hexadecimal');
      Object.assign(item, { additionalData: { ...additionalData, hmacSignature } });
    }
    return { body: Buffer.from(stringifyJson(body)) };
  },
};

function itemsOf(body: unknown): readonly UnverifiedFields[] | undefined {
  const list = isObject(body) ? body.notificationItems : undefined;
  if (!Array.isArray(list) || list.length > MAX_ITEMS) return undefined;
  const items = list.map((entry: unknown) => (isObject(entry) ? entry.NotificationRequestItem : undefined));
  return items.every(isObject) ? items : undefined;
}

function verifyItem(item: UnverifiedFields, secrets: readonly string[]): Verdict {
  const claimed = isObject(item.additionalData) ? item.additionalData.hmacSignature : undefined;
  if (typeof claimed !== 'string') {
    return { ok: false, reason: 'signature-missing', hint: 'additionalData.hmacSignature' };
  }
  const signature = decodeSignature(claimed, 'base64', 32);
  if (!signature) return { ok: false, reason: 'signature-malformed' };
  const content = signedContent(item);
  if (content === undefined) {
    return { ok: false, reason: 'signature-malformed', hint: 'a signed field of an item' };
  }
  return matchSecret(secrets, [signature], (secret) => {
    const expected = digest(secret, content);
    return expected && [expected];
  });
}

function digest(secret: string, content: string): Buffer | undefined {
  const key = keyBytes(secret, 'hex');
  return key && createHmac('sha256', key).update(content).digest();
}

/**
 * Eight fields in this order; a missing one leaves its place empty. The rest of the item is not signed.
 *
 * Nothing in the signature says of which type a value was, or where one ends that has colons in it. So what the key is made
 * of has to be text, and only the merchant's own reference may have colons: then each content has one reading.
 * @returns undefined when an item is not so.
 */
function signedContent(item: UnverifiedFields): string | undefined {
  const amount = item.amount ?? {};
  if (!isObject(amount)) return undefined;
  const { pspReference, originalReference, merchantAccountCode, merchantReference, eventCode, success } =
    item;
  if (![pspReference, eventCode].every((value) => typeof value === 'string' && value !== ''))
    return undefined;
  if (!['true', 'false'].includes(String(success))) return undefined;
  const before = [pspReference, originalReference, merchantAccountCode].map(asText);
  const behind = [amount.value, amount.currency, eventCode, success].map(asText);
  if (![...before, ...behind].every((text) => text !== undefined && !text.includes(':'))) return undefined;
  const reference = asText(merchantReference);
  return reference === undefined ? undefined : [...before, reference, ...behind].join(':');
}

/** Undefined for what has no text of its own. */
function asText(value: unknown): string | undefined {
  if (value === undefined || value === null) return '';
  return typeof value === 'object' ? undefined : String(value);
}
