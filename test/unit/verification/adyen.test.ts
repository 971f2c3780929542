import { createHmac } from 'node:crypto';
import { adyenItemSignatures as scheme } from '../../../functions/verification/adyen.ts';
import { judge, proven } from './custom-request.ts';
import { signWith } from './request.ts';

const KEY = '44782DEF547AAA06C910C43932B1EB0C71FC68D9D0C057550C48EC2ACF6BA056';
const OTHER_KEY = '00ff';

const hmac = (content: string, key = KEY) =>
  createHmac('sha256', Buffer.from(key, 'hex')).update(content).digest('base64');

const fields = {
  pspReference: 'P',
  originalReference: 'O',
  merchantAccountCode: 'A',
  merchantReference: 'R',
  amount: { value: 1130, currency: 'EUR' },
  eventCode: 'CAPTURE',
  success: 'true',
  reason: 'none',
};
const CONTENT = 'P:O:A:R:1130:EUR:CAPTURE:true';

const signedBy = (key: string) => ({ ...fields, additionalData: { hmacSignature: hmac(CONTENT, key) } });
const genuine = signedBy(KEY);

const bodyOf = (...items: readonly unknown[]) =>
  JSON.stringify({ notificationItems: items.map((item) => ({ NotificationRequestItem: item })) });
const tell = (body: string, secrets: readonly string[] = [KEY]) => judge(scheme, { body }, { secrets });

test('the signature that Adyen’s documentation has computed is good', async () => {
  const item = {
    pspReference: '7914073381342284',
    merchantAccountCode: 'TestMerchant',
    merchantReference: 'TestPayment-1407325143704',
    amount: { value: 1130, currency: 'EUR' },
    eventCode: 'AUTHORISATION',
    success: 'true',
    additionalData: { hmacSignature: 'coqCmt/IZ4E3CzPvMY8zTjQVL5hYJUiBRg8UU+iCWo0=' },
  };
  expect(await tell(bodyOf(item))).toEqual({ ok: true, secret: 0 });
});

describe('what is signed', () => {
  test.each([
    { pspReference: 'X' },
    { originalReference: 'X' },
    { merchantAccountCode: 'X' },
    { merchantReference: 'X' },
    { amount: { value: 1131, currency: 'EUR' } },
    { amount: { value: 1130, currency: 'JPY' } },
    { eventCode: 'REFUND' },
    { success: 'false' },
  ])('covers %j', async (change) => {
    expect(await tell(bodyOf(genuine))).toEqual({ ok: true, secret: 0 });
    expect(await tell(bodyOf({ ...genuine, ...change }))).toEqual({
      ok: false,
      reason: 'signature-mismatch',
    });
  });

  test('does not cover the rest of the item', async () => {
    expect(await tell(bodyOf({ ...genuine, reason: 'another', extra: [1] }))).toEqual({
      ok: true,
      secret: 0,
    });
  });

  test.each<[string, object, string]>([
    ['a boolean is its text', { ...fields, success: false }, 'P:O:A:R:1130:EUR:CAPTURE:false'],
    ['a number is its text', { ...fields, merchantReference: 7 }, 'P:O:A:7:1130:EUR:CAPTURE:true'],
    [
      'a large number is its digits',
      { ...fields, merchantReference: 'N' },
      'P:O:A:9007199254740993:1130:EUR:CAPTURE:true',
    ],
    ['null is empty', { ...fields, originalReference: null }, 'P::A:R:1130:EUR:CAPTURE:true'],
    ['a missing field is empty', { ...fields, originalReference: undefined }, 'P::A:R:1130:EUR:CAPTURE:true'],
    ['an amount that is null is empty', { ...fields, amount: null }, 'P:O:A:R:::CAPTURE:true'],
    [
      'a reference of the merchant may have colons',
      { ...fields, merchantReference: 'R:1' },
      'P:O:A:R:1:1130:EUR:CAPTURE:true',
    ],
  ])('%s', async (_what, item, content) => {
    const signed = { ...item, additionalData: { hmacSignature: hmac(content) } };
    const body = bodyOf(signed).replace('"N"', '9007199254740993');
    expect(await tell(body)).toEqual({ ok: true, secret: 0 });
  });

  const unsound = { ok: false, reason: 'signature-malformed', hint: 'a signed field of an item' };
  test.each<[string, object, string]>([
    ['an object in place of a text', { ...fields, merchantReference: {} }, 'P:O:A::1130:EUR:CAPTURE:true'],
    ['a list', { ...fields, merchantReference: ['R'] }, 'P:O:A::1130:EUR:CAPTURE:true'],
    ['an amount that is no object', { ...fields, amount: 'EUR' }, 'P:O:A:R:::CAPTURE:true'],
    ['no field at all', {}, ':::::::'],
    ['an empty reference', { ...fields, pspReference: '' }, ':O:A:R:1130:EUR:CAPTURE:true'],
    ['no event code', { ...fields, eventCode: undefined }, 'P:O:A:R:1130:EUR::true'],
    ['an outcome that is neither', { ...fields, success: 'yes' }, 'P:O:A:R:1130:EUR:CAPTURE:yes'],
    [
      'a boundary moved to the left',
      { ...fields, merchantReference: 'B', merchantAccountCode: 'A:R' },
      'P:O:A:R:B:1130:EUR:CAPTURE:true',
    ],
    [
      'a boundary moved to the right',
      { ...fields, success: 'true', eventCode: 'X:CAPTURE' },
      'P:O:A:R:1130:EUR:X:CAPTURE:true',
    ],
    [
      'a boundary moved into the reference',
      { ...fields, pspReference: 'P:O', originalReference: 'A' },
      'P:O:A:A:R:1130:EUR:CAPTURE:true',
    ],
  ])('nothing is proven by %s', async (_what, item, content) => {
    const signed = { ...item, additionalData: { hmacSignature: hmac(content) } };
    expect(await tell(bodyOf(signed))).toEqual(unsound);
  });

  test('row 7: a bare number as pspReference is refused, not rounded into another key', async () => {
    const rounded = { ...fields, pspReference: '9007199254740992' };
    const hmacSignature = hmac('9007199254740992:O:A:R:1130:EUR:CAPTURE:true');
    const genuineBody = bodyOf({ ...rounded, additionalData: { hmacSignature } });
    expect(await tell(genuineBody)).toEqual({ ok: true, secret: 0 });
    for (const bare of [
      '9007199254740992',
      '9007199254740993',
      '9007199254740992.0',
      '9.007199254740992e15',
    ]) {
      expect(await tell(genuineBody.replace('"9007199254740992"', bare))).toEqual(unsound);
    }
  });
});

describe('the list of items', () => {
  const noList = { ok: false, reason: 'signature-malformed', hint: 'no list of notificationItems' };

  test.each([
    ['no JSON', 'notificationItems'],
    ['another body', '{"items":[]}'],
    ['an object in place of the list', '{"notificationItems":{}}'],
    ['null among the items', '{"notificationItems":[null]}'],
    ['an item that is text', '{"notificationItems":["NotificationRequestItem"]}'],
    ['an item without its wrapper', JSON.stringify({ notificationItems: [genuine] })],
    ['a good item and an empty wrapper', bodyOf(genuine, undefined)],
    ['a list as an item', bodyOf([])],
  ])('%s is none', async (_what, body) => {
    expect(await tell(body)).toEqual(noList);
  });

  test('may be as long as 100 items', async () => {
    expect(await tell(bodyOf(...Array(100).fill(genuine)))).toEqual({ ok: true, secret: 0 });
    expect(await tell(bodyOf(...Array(101).fill(genuine)))).toEqual(noList);
  });

  test('has to have an item', async () => {
    expect(await tell(bodyOf())).toEqual({
      ok: false,
      reason: 'signature-missing',
      hint: 'no items, so nothing is signed',
    });
  });

  test('is spoilt by one item that is not proven, wherever it stands', async () => {
    const forged = { ...genuine, success: 'false' };
    for (const body of [bodyOf(forged, genuine), bodyOf(genuine, forged), bodyOf(genuine, forged, genuine)]) {
      expect(await tell(body)).toEqual({ ok: false, reason: 'signature-mismatch' });
    }
  });
});

describe('the signature of an item', () => {
  test.each([
    ['no additional data', undefined],
    ['additional data without a signature', {}],
    ['additional data that are null', null],
    ['additional data that are text', 'hmacSignature'],
    ['a signature that is no text', { hmacSignature: 7 }],
  ])('is missing with %s', async (_what, additionalData) => {
    const missing = { ok: false, reason: 'signature-missing', hint: 'additionalData.hmacSignature' };
    expect(await tell(bodyOf({ ...fields, additionalData }))).toEqual(missing);
    expect(await tell(bodyOf(genuine, { ...fields, additionalData }))).toEqual(missing);
  });

  test.each([
    ['empty', ''],
    ['hexadecimal', Buffer.from(hmac(CONTENT), 'base64').toString('hex')],
    ['of another length', Buffer.alloc(20).toString('base64')],
    ['without its padding', hmac(CONTENT).replace('=', '')],
  ])('is malformed when it is %s', async (_what, hmacSignature) => {
    const item = { ...fields, additionalData: { hmacSignature } };
    expect(await tell(bodyOf(item))).toEqual({ ok: false, reason: 'signature-malformed' });
  });
});

describe('keys', () => {
  test('are hexadecimal in either case', async () => {
    expect(await tell(bodyOf(genuine), [KEY.toLowerCase()])).toEqual({ ok: true, secret: 0 });
    for (const secret of ['', 'not hex', KEY.slice(1)]) {
      expect(await tell(bodyOf(genuine), [secret])).toEqual({ ok: false, reason: 'secret-malformed' });
    }
    expect(await tell(bodyOf(genuine), [])).toEqual({ ok: false, reason: 'secret-missing' });
  });

  test('may be changed: old and new ones count, and the first item says which it was', async () => {
    expect(await tell(bodyOf(genuine), ['not hex', OTHER_KEY, KEY])).toEqual({ ok: true, secret: 2 });
    const changing = bodyOf(signedBy(OTHER_KEY), genuine);
    expect(await tell(changing, [KEY, OTHER_KEY])).toEqual({ ok: true, secret: 1 });
    expect(await tell(changing, [KEY])).toEqual({ ok: false, reason: 'signature-mismatch' });
  });
});

describe('signing', () => {
  test('puts a signature into each item and leaves the rest alone', async () => {
    const unsigned = { ...fields, additionalData: { note: 'kept', hmacSignature: 'replaced' } };
    const sent = { body: bodyOf(unsigned, { ...fields, additionalData: ['dropped'] }) };
    const { body, headers } = await proven(scheme, sent, KEY);
    expect(JSON.parse(body.toString('utf8'))).toEqual(
      JSON.parse(
        bodyOf(
          { ...fields, additionalData: { note: 'kept', hmacSignature: hmac(CONTENT) } },
          { ...fields, additionalData: { hmacSignature: hmac(CONTENT) } },
        ),
      ),
    );
    expect(headers).toEqual({});
    expect(await signWith(scheme, KEY)).toEqual({});
  });

  test('needs a hexadecimal key, and has nothing to do without items', async () => {
    await expect(proven(scheme, { body: bodyOf(fields) }, 'not hex')).rejects.toThrow(
      new TypeError('the HMAC key of Adyen is hexadecimal'),
    );
    const { body } = await proven(scheme, { body: '{"a": 1}' }, KEY);
    expect(body.toString('utf8')).toBe('{"a":1}');
  });
});
