import { createHmac } from 'node:crypto';
import { mandrillSignature as scheme } from '../../../functions/verification/mandrill.ts';
import { judge, proven, refusal, SOURCE_URL } from './custom-request.ts';

const HEADER = 'x-mandrill-signature';
const body = 'mandrill_events=%5B%7B%22event%22%3A%22send%22%7D%5D';
const events = '[{"event":"send"}]';
const sha1 = (content: string, encoding: 'base64' | 'hex' = 'base64', secret = 'secret') =>
  createHmac('sha1', secret).update(content).digest(encoding);
const signature = sha1(`${SOURCE_URL}mandrill_events${events}`);
const check = (value: string, sent = {}, more = {}) =>
  judge(scheme, { headers: { [HEADER]: value }, body, ...sent }, more);

describe('what is signed', () => {
  test('the URL and the fields, undone of their escapes', async () => {
    expect(await check(signature)).toEqual({ ok: true, secret: 0 });
    expect(await check(signature, { url: `${SOURCE_URL}/` })).toEqual(refusal('signature-mismatch'));
    expect(await check(signature, { body: 'mandrill_events=%5B%5D' })).toEqual(refusal('signature-mismatch'));
  });

  test('one field: no second one is read, though signed', async () => {
    const more = sha1(`${SOURCE_URL}a1mandrill_events${events}z2`);
    for (const [proof, text] of [
      [more, `${body}&z=2&a=1`],
      [signature, `${body}&z=2`],
      [signature, `${body}&${body}`],
      [signature, body.replace('%7B', '&%7B=')],
    ] as const) {
      expect(await check(proof, { body: text })).toEqual(refusal('signature-malformed'));
    }
  });
});

describe('refusals', () => {
  test.each<[string, string, object, object]>([
    ['an empty header', '', {}, refusal('signature-missing', HEADER)],
    ['a signature in hex', sha1('x', 'hex'), {}, refusal('signature-malformed')],
    ['a signature without its padding', signature.replace('=', ''), {}, refusal('signature-malformed')],
    [
      'a signature of another length',
      createHmac('sha256', 'secret').digest('base64'),
      {},
      refusal('signature-malformed'),
    ],
    ['no body', sha1(SOURCE_URL), { body: '' }, refusal('signature-malformed')],
    ['JSON', sha1(`${SOURCE_URL}{}`), { body: '{}' }, refusal('signature-malformed')],
    [
      'another field first, though signed',
      sha1(`${SOURCE_URL}a1mandrill_events${events}`),
      { body: `a=1&${body}` },
      refusal('signature-malformed'),
    ],
    [
      'a field whose name goes on, though signed',
      sha1(`${SOURCE_URL}mandrill_events2[]`),
      { body: 'mandrill_events2=[]' },
      refusal('signature-malformed'),
    ],
    ['too many fields', signature, { body: body + '&a'.repeat(2_000) }, refusal('signature-malformed')],
  ])('%s', async (_what, value, sent, expected) => {
    expect(await check(value, sent)).toEqual(expected);
  });

  test('no header', async () => {
    expect(await judge(scheme, { body })).toEqual(refusal('signature-missing', HEADER));
  });

  test('secrets', async () => {
    expect(await check(signature, {}, { secrets: ['new', 'secret'] })).toEqual({ ok: true, secret: 1 });
    expect(await check(signature, {}, { secrets: ['new'] })).toEqual(refusal('signature-mismatch'));
    expect(await check(signature, {}, { secrets: [] })).toEqual(refusal('secret-missing'));
    expect(await check(signature, {}, { secrets: [''] })).toEqual(refusal('secret-malformed'));
  });
});

describe('signing', () => {
  test('what is signed is believed', async () => {
    const request = await proven(scheme, { body });
    expect(request.headers).toEqual({ [HEADER]: signature });
    expect(await judge(scheme, request)).toEqual({ ok: true, secret: 0 });
  });

  test.each([
    ['an empty key', body, ''],
    ['too many fields', body + '&a'.repeat(2_000), 'secret'],
  ])('not with %s', async (_what, form, secret) => {
    await expect(proven(scheme, { body: form }, secret)).rejects.toThrow(
      new TypeError('Mandrill signs forms, with a key that is not empty'),
    );
  });
});
