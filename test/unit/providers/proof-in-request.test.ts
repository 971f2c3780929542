/** Packs whose proof covers more than a body and a header: URLs, forms, fields, canonical requests. */
import { createHash, createHmac, generateKeyPairSync, sign } from 'node:crypto';
import type { Verification } from '../../../functions/pack/scheme.ts';
import { sendgridDevelopmentKey } from '../../../functions/verification/sendgrid.ts';
import { credentialHeaders } from '../../../functions/verification/verify.ts';
import { eventsOf, handshake, NOW, pack, proven, request, verdictOf } from './request.ts';

const form = { 'content-type': 'application/x-www-form-urlencoded' };
const json = { 'content-type': 'application/json' };

describe('twilio', () => {
  const secrets = ['12345'];
  const url = 'https://hooks.example.com/webhooks/source';
  const signed = (content: string) => ({
    'x-twilio-signature': createHmac('sha1', '12345').update(content).digest('base64'),
  });

  test('a GET is proven by its URL alone, a body beside it is not', async () => {
    const get = request({ method: 'GET', url: `${url}?a=1`, headers: signed(`${url}?a=1`) });
    expect((await verdictOf('twilio', get, { secrets })).ok).toBe(true);
    for (const headers of [json, { 'content-type': 'text/plain' }, {}]) {
      const forged = {
        ...get,
        method: 'POST',
        body: Buffer.from('{"a":2}'),
        headers: { ...get.headers, ...headers },
      };
      expect((await verdictOf('twilio', forged, { secrets })).ok).toBe(false);
    }
  });

  test('JSON is proven by the hash in the URL', async () => {
    const text = '{"status":"größer"}';
    const withHash = `${url}?bodySHA256=${createHash('sha256').update(text).digest('hex')}`;
    const genuine = request({ url: withHash, text, headers: { ...json, ...signed(withHash) } });
    expect((await verdictOf('twilio', genuine, { secrets })).ok).toBe(true);
    expect((await verdictOf('twilio', { ...genuine, body: Buffer.from('{}') }, { secrets })).ok).toBe(false);
  });

  test('with the port or without it, but no other one', async () => {
    const text = 'MessageSid=SM1&MessageStatus=sent';
    const content = 'MessageSidSM1MessageStatussent';
    for (const [port, ok] of [
      ['', true],
      [':443', true],
      [':8443', false],
      [':80', false],
    ] as const) {
      const spelt = url.replace('.com', `.com${port}`);
      const given = request({ text, headers: { ...form, ...signed(spelt + content) } });
      expect((await verdictOf('twilio', given, { secrets })).ok).toBe(ok);
    }
  });

  test('the states of a message are in order, whatever the order of arrival', () => {
    const facts = (status: string) =>
      eventsOf('twilio', request({ text: `MessageSid=SM1&MessageStatus=${status}`, headers: form }))[0];
    expect(facts('sent')?.subject).toBe('SM1');
    expect(Number(facts('delivered')?.revision)).toBeGreaterThan(Number(facts('sent')?.revision));
  });
});

test('hubspot-v3 undoes some escapes of the URL and no others', async () => {
  const url = 'https://hooks.example.com/webhooks/source?a=%3Ab%20c%2f';
  const content = `POSThttps://hooks.example.com/webhooks/source?a=:b%20c/[]${NOW}`;
  const signature = createHmac('sha256', pack('hubspot-v3').secret.development)
    .update(content)
    .digest('base64');
  const headers = { 'x-hubspot-signature-v3': signature, 'x-hubspot-request-timestamp': String(NOW) };
  expect((await verdictOf('hubspot-v3', request({ url, text: '[]', headers }))).ok).toBe(true);
  expect((await verdictOf('hubspot-v3', request({ url, text: '[ ]', headers }))).ok).toBe(false);
});

describe('contentful', () => {
  test('the time has to be among the signed headers, and every signed header has to be there', async () => {
    const genuine = await proven(
      'contentful',
      request({ text: '{}', headers: { 'x-contentful-topic': 'a' } }),
    );
    expect((await verdictOf('contentful', genuine)).ok).toBe(true);
    const without = {
      ...genuine,
      headers: { ...genuine.headers, 'x-contentful-signed-headers': 'x-contentful-signed-headers' },
    };
    expect((await verdictOf('contentful', without)).ok).toBe(false);
    const topic = { ...genuine, headers: { ...genuine.headers, 'x-contentful-topic': 'b' } };
    expect((await verdictOf('contentful', topic)).ok).toBe(false);
    expect(await verdictOf('contentful', genuine, { now: NOW + 60_000 })).toMatchObject({
      reason: 'timestamp-stale',
    });
  });
});

describe('adyen', () => {
  const item = (reference: string) => ({
    NotificationRequestItem: {
      pspReference: reference,
      eventCode: 'CAPTURE',
      success: 'true',
      amount: { value: 5, currency: 'EUR' },
    },
  });
  test('every item must hold, and there must be one', async () => {
    const genuine = await proven(
      'adyen',
      request({ text: JSON.stringify({ notificationItems: [item('A'), item('B')] }) }),
    );
    expect((await verdictOf('adyen', genuine)).ok).toBe(true);
    expect(eventsOf('adyen', genuine).map(({ id }) => id)).toEqual(['A:CAPTURE:true', 'B:CAPTURE:true']);
    const text = genuine.body.toString('utf8');
    for (const changed of [
      text.replace('"B"', '"C"'),
      text.replace(/,"additionalData":\{[^}]*\}(?=\}\}\])/, ''),
      '{"notificationItems":[]}',
      '[]',
      'null',
      '{"notificationItems":[null]}',
    ]) {
      expect((await verdictOf('adyen', request({ text: changed }))).ok).toBe(false);
    }
  });
  test('the key is hexadecimal', async () => {
    expect(pack('adyen').secret.check?.('not hex')).toMatch(/hexadecimal/);
    const genuine = await proven(
      'adyen',
      request({ text: JSON.stringify({ notificationItems: [item('A')] }) }),
    );
    expect(await verdictOf('adyen', genuine, { secrets: ['not hex'] })).toMatchObject({
      reason: 'secret-malformed',
    });
  });
});

describe('braintree', () => {
  const challenge = '20f9f8ed05f77439fe955c977e4c8a53';
  test('a signed challenge cannot be used as a signed payload', async () => {
    const answer = await handshake(
      'braintree',
      request({ method: 'GET', url: `https://h.example/?bt_challenge=${challenge}` }),
      'before',
    );
    for (const payload of [challenge, `${challenge}\n`]) {
      const text = new URLSearchParams({ bt_signature: answer?.body ?? '', bt_payload: payload }).toString();
      expect((await verdictOf('braintree', request({ text, headers: form }))).ok).toBe(false);
    }
  });
  test('nothing but a challenge is signed', async () => {
    for (const text of ['', 'ABC', `${challenge}A`, 'PG5vdGlmaWNhdGlvbj4', '../x']) {
      const get = request({
        method: 'GET',
        url: `https://h.example/?bt_challenge=${encodeURIComponent(text)}`,
      });
      expect(await handshake('braintree', get, 'before')).toBeUndefined();
    }
  });
  test('reads the payload, and takes the pair of its own key', async () => {
    const sample = pack('braintree').samples[0]?.body(1) ?? '';
    const genuine = await proven('braintree', request({ text: sample, headers: form }));
    expect(
      await verdictOf('braintree', genuine, { secrets: ['other|key', pack('braintree').secret.development] }),
    ).toEqual({ ok: true, secret: 1 });
    const [event] = eventsOf('braintree', genuine);
    expect(event).toMatchObject({
      type: 'subscription_charged_successfully',
      id: 'subscription_charged_successfully:sample-1:2026-01-01T00%3A00%3A00Z',
    });
    expect(event?.payload).toMatchObject({ xml: sample });
    const renamed = Buffer.from(
      genuine.body.toString('utf8').replace('development_public_key', 'other_public_key'),
    );
    expect((await verdictOf('braintree', { ...genuine, body: renamed })).ok).toBe(false);
  });
});

test('mailgun: the token is the key, whatever the event says', async () => {
  const genuine = await proven(
    'mailgun',
    request({ text: '{"event-data":{"event":"opened","id":"a"}}', headers: json }),
  );
  expect((await verdictOf('mailgun', genuine)).ok).toBe(true);
  const forged = { ...genuine, body: Buffer.from(genuine.body.toString('utf8').replace('"a"', '"b"')) };
  const [first, second] = [await verdictOf('mailgun', genuine), await verdictOf('mailgun', forged)];
  if (!first.ok || !second.ok) throw new TypeError('both are proven');
  expect(first.proofId).toMatch(/^\w{50}$/);
  expect(eventsOf('mailgun', { ...genuine, ...first })[0]?.id).toBe(first.proofId);
  expect(eventsOf('mailgun', { ...forged, ...second })[0]?.id).toBe(first.proofId);
  expect(await verdictOf('mailgun', genuine, { now: NOW + 13 * 3_600_000 })).toMatchObject({
    reason: 'timestamp-stale',
  });
  const [, time = '', token = ''] =
    /"timestamp":"(\d+)","token":"(\w+)"/.exec(genuine.body.toString('utf8')) ?? [];
  const shifted = genuine.body
    .toString('utf8')
    .replace(time, time.slice(0, -1))
    .replace(token, time.slice(-1) + token);
  expect((await verdictOf('mailgun', { ...genuine, body: Buffer.from(shifted) })).ok).toBe(false);
});

test('sendgrid: an HMAC secret, another curve or another key is not a key', async () => {
  const genuine = await proven('sendgrid', request({ text: '[]\r\n' }));
  expect(await verdictOf('sendgrid', genuine, { secrets: ['nonsense', sendgridDevelopmentKey()] })).toEqual({
    ok: true,
    secret: 1,
  });
  const other = generateKeyPairSync('ec', { namedCurve: 'secp384r1' }).publicKey.export({
    format: 'der',
    type: 'spki',
  });
  expect(await verdictOf('sendgrid', genuine, { secrets: [other.toString('base64')] })).toMatchObject({
    reason: 'secret-malformed',
  });
  expect((await verdictOf('sendgrid', { ...genuine, body: Buffer.from('[]\n') })).ok).toBe(false);
  expect(() => pack('sendgrid').secret.check?.('x')).not.toThrow();
});

describe('plaid', () => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const jwks = {
    keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'k1', alg: 'ES256', expired_at: null }],
  };
  const body = '{\n  "webhook_code": "SYNC_UPDATES_AVAILABLE",\n  "webhook_type": "TRANSACTIONS"\n}';
  function token(header: object = {}, claims: object = {}) {
    const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');
    const content = `${encode({ alg: 'ES256', kid: 'k1', typ: 'JWT', ...header })}.${encode({
      iat: NOW / 1000,
      request_body_sha256: createHash('sha256').update(body).digest('hex'),
      ...claims,
    })}`;
    const signature = sign('sha256', Buffer.from(content), { key: privateKey, dsaEncoding: 'ieee-p1363' });
    return `${content}.${signature.toString('base64url')}`;
  }
  const given = (jwt: string, text = body) => request({ text, headers: { 'plaid-verification': jwt } });
  const more = { secrets: [], options: { jwks } };

  test('a token for this body, by a known key, of the last five minutes', async () => {
    expect(await verdictOf('plaid', given(token()), more)).toMatchObject({ ok: true });
    expect(await verdictOf('plaid', given(token(), body.replace('  ', '\t')), more)).toMatchObject({
      reason: 'token-claims',
    });
    expect(await verdictOf('plaid', given(token({}, { iat: NOW / 1000 - 400 })), more)).toMatchObject({
      reason: 'timestamp-stale',
    });
    for (const header of [{ alg: 'none' }, { alg: 'HS256' }, { kid: 'k2' }, { kid: '__proto__' }]) {
      expect((await verdictOf('plaid', given(token(header)), more)).ok).toBe(false);
    }
    const expired = { jwks: { keys: [{ ...jwks.keys[0], expired_at: NOW / 1000 - 1 }] } };
    expect((await verdictOf('plaid', given(token()), { ...more, options: expired })).ok).toBe(false);
    for (const jwt of ['', 'a.b', 'a.b.c', `${token()}=`, token().slice(0, -2)]) {
      expect((await verdictOf('plaid', given(jwt), more)).ok).toBe(false);
    }
  });

  test('two notices that read the same are two events, each known by its token, which is not stored', async () => {
    const eventOf = async (jwt: string) => {
      const verdict = await verdictOf('plaid', given(jwt), more);
      return eventsOf('plaid', { ...given(jwt), ...(verdict.ok && { proofId: verdict.proofId }) })[0];
    };
    const [first, second] = [await eventOf(token()), await eventOf(token({}, { iat: NOW / 1000 + 60 }))];
    expect(credentialHeaders(pack('plaid').verification as Verification)).toEqual(['plaid-verification']);
    expect(first?.type).toBe('TRANSACTIONS.SYNC_UPDATES_AVAILABLE');
    expect(first?.id).not.toBe(second?.id);
  });
});

test('box: either key, a window of ten minutes', async () => {
  const genuine = await proven('box', request({ text: '{"id":"1"}' }));
  const { 'box-signature-primary': signature = '', ...others } = genuine.headers;
  const secondary = {
    ...genuine,
    headers: {
      ...others,
      'box-signature-secondary': signature,
      'box-signature-primary': `${'A'.repeat(43)}=`,
    },
  };
  expect(await verdictOf('box', secondary, { secrets: ['other', pack('box').secret.development] })).toEqual({
    ok: true,
    secret: 1,
  });
  expect((await verdictOf('box', genuine, { now: NOW + 601_000 })).ok).toBe(false);
});

test('paypal: events of two types are two, also where the simulator gives them one id', () => {
  const idOf = (type: string) =>
    eventsOf('paypal', request({ text: JSON.stringify({ id: 'WH-1', event_type: type }), headers: json }))[0]
      ?.id;
  const ids = ['BILLING.PLAN.ACTIVATED', 'CATALOG.PRODUCT.UPDATED', 'CHECKOUT.ORDER.SAVED'].map(idOf);
  expect(new Set(ids).size).toBe(3);
});
