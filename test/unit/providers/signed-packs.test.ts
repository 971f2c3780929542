/** Packs whose signatures are computed here without the code under test. */
import { createHmac } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { answerTo, packOf, verdictOf } from './judge-pack.ts';
import { NOW } from './sample-request.ts';

const seconds = String(NOW / 1000);
const body = JSON.stringify({ text: 'Grüße\r\n', deep: { list: [1, 2, 3] } });
const hmac = (algorithm: string, key: string | Buffer, text: string, encoding: 'hex' | 'base64') =>
  createHmac(algorithm, key).update(text).digest(encoding);
const key = (name: string) => packOf(name).secret.development;
const twitchHeaders = {
  'twitch-eventsub-message-id': 'id-1',
  'twitch-eventsub-message-timestamp': '2026-01-01T11:59:59.123456789Z',
};

const signed: readonly [string, Readonly<Record<string, string>>][] = [
  [
    'zoom',
    {
      'x-zm-request-timestamp': seconds,
      'x-zm-signature': `v0=${hmac('sha256', key('zoom'), `v0:${seconds}:${body}`, 'hex')}`,
    },
  ],
  ['meta', { 'x-hub-signature-256': `sha256=${hmac('sha256', key('meta'), body, 'hex')}` }],
  ['x', { 'x-twitter-webhooks-signature': `sha256=${hmac('sha256', key('x'), body, 'base64')}` }],
  ['intercom', { 'x-hub-signature': `sha1=${hmac('sha1', key('intercom'), body, 'hex')}` }],
  ['asana', { 'x-hook-signature': hmac('sha256', key('asana'), body, 'hex') }],
  ['notion', { 'x-notion-signature': `sha256=${hmac('sha256', key('notion'), body, 'hex')}` }],
  [
    'airtable',
    {
      'x-airtable-content-mac': `hmac-sha256=${hmac('sha256', Buffer.from(key('airtable'), 'base64'), body, 'hex')}`,
    },
  ],
  ['line', { 'x-line-signature': hmac('sha256', key('line'), body, 'base64') }],
  ['mollie', { 'x-mollie-signature': `sha256=${hmac('sha256', key('mollie'), body, 'hex')}` }],
  [
    'authorize-net',
    { 'x-anet-signature': `sha512=${hmac('sha512', key('authorize-net'), body, 'hex').toUpperCase()}` },
  ],
  [
    'authorize-net',
    { 'x-anet-signature': `sha512=${hmac('sha512', Buffer.from(key('authorize-net'), 'hex'), body, 'hex')}` },
  ],
  [
    'twitch',
    {
      ...twitchHeaders,
      'twitch-eventsub-message-signature': `sha256=${hmac('sha256', key('twitch'), Object.values(twitchHeaders).join('') + body, 'hex')}`,
    },
  ],
];

describe.each(signed)('%s', (name, headers) => {
  test('accepts a true signature and says which secret it was', async () => {
    expect(await verdictOf(name, { headers, body })).toEqual({ ok: true, secret: 0 });
    expect(await verdictOf(name, { headers, body }, { secrets: ['another secret', key(name)] })).toEqual({
      ok: true,
      secret: 1,
    });
  });

  test('refuses another body, another header, and no header', async () => {
    expect((await verdictOf(name, { headers, body: `${body} ` })).ok).toBe(false);
    for (const [header, value] of Object.entries(headers)) {
      const { [header]: _, ...rest } = headers;
      expect((await verdictOf(name, { headers: rest, body })).ok).toBe(false);
      const at = Math.floor(value.length / 2);
      const changed = `${value.slice(0, at)}${value[at] === '1' ? '2' : '1'}${value.slice(at + 1)}`;
      const values = [changed, value.slice(0, -1), `${value}, ${value}`, `${value}0`, ''];
      for (const wrong of values)
        expect((await verdictOf(name, { headers: { ...headers, [header]: wrong }, body })).ok).toBe(false);
    }
  });
});

test('times of Zoom and Twitch count on both sides', async () => {
  for (const [name, tolerance] of [
    ['zoom', 300],
    ['twitch', 600],
  ] as const) {
    const headers = signed.find(([pack]) => pack === name)?.[1] ?? {};
    const at = (offset: number) => verdictOf(name, { headers, body }, { now: NOW + offset * 1000 });
    expect(await at(tolerance - 2)).toMatchObject({ ok: true });
    expect(await at(tolerance + 2)).toMatchObject({ reason: 'timestamp-stale' });
    expect(await at(2 - tolerance)).toMatchObject({ ok: true });
    expect(await at(-tolerance - 2)).toMatchObject({ reason: 'timestamp-future' });
  }
});

test('Mollie signs twice while its secret is changed', async () => {
  const [old, current] = ['old', 'current'].map((secret) => `sha256=${hmac('sha256', secret, body, 'hex')}`);
  for (const secret of ['old', 'current']) {
    const given = { headers: { 'x-mollie-signature': `${current}, ${old}` }, body };
    expect(await verdictOf('mollie', given, { secrets: [secret] })).toMatchObject({ ok: true });
  }
});

describe('a challenge is no way to have an event signed', () => {
  test('X: a token that could be a body is not answered, and a body that could be a token is no event', async () => {
    const event = '{"for_user_id":"1"}';
    expect(
      await answerTo('x', 'before', { method: 'GET', query: `crc_token=${encodeURIComponent(event)}` }),
    ).toMatchObject({ status: 400 });
    const answer = await answerTo('x', 'before', { method: 'GET', query: 'crc_token=12345' });
    const { response_token } = JSON.parse(answer?.body ?? '') as { response_token: string };
    const stolen = { headers: { 'x-twitter-webhooks-signature': response_token }, body: '12345' };
    expect((await verdictOf('x', stolen)).ok).toBe(false);
  });

  test('Zoom: only a signed question is answered', async () => {
    const question = { body: '{"event":"endpoint.url_validation","payload":{"plainToken":"v0:1:{}"}}' };
    expect(await answerTo('zoom', 'before', question)).toBeUndefined();
    const answer = await answerTo('zoom', 'after', question);
    expect(JSON.parse(answer?.body ?? '')).toEqual({
      plainToken: 'v0:1:{}',
      encryptedToken: hmac('sha256', key('zoom'), 'v0:1:{}', 'hex'),
    });
  });
});

test('Meta answers its own token only', async () => {
  const ask = (token: string, options: Record<string, unknown>) =>
    answerTo(
      'meta',
      'before',
      { method: 'GET', query: `hub.mode=subscribe&hub.challenge=77&hub.verify_token=${token}` },
      options,
    );
  expect(await ask('right', { verifyToken: 'right' })).toMatchObject({ status: 200, body: '77' });
  expect(await ask('wrong', { verifyToken: 'right' })).toMatchObject({ status: 403 });
  expect(await ask('', { verifyToken: '' })).toMatchObject({ status: 403 });
  expect(await ask('', {})).toMatchObject({ status: 403 });
});

test('secrets of the wrong form are refused with what to use instead', () => {
  const wrong = {
    airtable: 'not base64!',
    notion: 'ntn_token',
    twitch: 'short',
    'authorize-net': 'key',
    chargebee: 'password',
  };
  for (const [name, secret] of Object.entries(wrong))
    expect(packOf(name).secret.check?.(secret)).toMatch(/^(It|Write)/);
});
