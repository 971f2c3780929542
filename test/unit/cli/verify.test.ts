import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { Judgement } from '../../../cli/judge.ts';
import { inlet, jsonLines } from './command.ts';

const SECRET = 'a-secret-of-sixteen-characters';
const BODY =
  '{"eventId":"e1","apiSpaceId":"s","name":"message.read","payload":{"id":"m1"},"revision":12345678901234567890}';

const hex = (body: string | Buffer, secret = SECRET) => createHmac('sha1', secret).update(body).digest('hex');

function row(change: object = {}, body = BODY) {
  return {
    provider: 'dotdigital',
    secrets: ['an-older-secret-of-enough-length', SECRET],
    method: 'POST',
    url: 'https://hooks.example.com/webhooks/dotdigital?a=b',
    headers: { 'X-Comapi-Signature': hex(body) },
    body,
    ...change,
  };
}

async function verify(rows: readonly object[]) {
  const result = await inlet(['verify'], { input: rows.map((one) => JSON.stringify(one)).join('\n') });
  return { ...result, answers: jsonLines<Judgement>(result) };
}

describe('inlet verify', () => {
  test('gives a line of exactly the contract for each row', async () => {
    const { code, err, answers } = await verify([row(), row({ secrets: ['wrong-secret-of-enough-length'] })]);
    expect(code).toBe(0);
    expect(err).toBe('');
    expect(answers).toEqual([
      {
        ok: true,
        reason: null,
        events: [
          { id: 'e1', type: 'message.read', subject: 's:message:m1', revision: '12345678901234567890' },
        ],
        handshake: null,
      },
      { ok: false, reason: expect.stringContaining('another secret'), events: [], handshake: null },
    ]);
  });

  test('names every event of a batch', async () => {
    const batch = `[${BODY},${BODY.replace('e1', 'e2')}]`;
    const { answers } = await verify([row({}, batch)]);
    expect(answers[0]?.events.map(({ id }) => id)).toEqual(['e1', 'e2']);
  });

  test('judges the bytes of bodyBase64, headers in any spelling, and texts with U+2028', async () => {
    const bytes = Buffer.from([0x7b, 0xff, 0xfe, 0x00]);
    const separator = BODY.replace('e1', 'e\u20281');
    const { answers } = await verify([
      row({
        body: undefined,
        bodyBase64: bytes.toString('base64'),
        headers: { 'x-COMAPI-signature': [hex(bytes)] },
      }),
      row({}, separator),
    ]);
    expect(answers.map(({ ok }) => ok)).toEqual([true, true]);
    expect(answers[1]?.events[0]?.id).toBe('e\u20281');
  });

  const doubled = { 'X-Comapi-Signature': hex(BODY), 'x-comapi-signature': hex(BODY) };
  const explained: readonly (readonly [string, object, string])[] = [
    ['a missing header', { headers: {} }, 'header x-comapi-signature is missing'],
    ['a signature of another form', { headers: { 'x-comapi-signature': 'abc' } }, 'not in the form'],
    ['a header twice', { headers: doubled }, 'not in the form'],
    ['no secret', { secrets: [] }, 'no secret'],
    ['a secret with a line break', { secrets: [`${SECRET}\n`] }, 'white space around it'],
    ['a secret in quotes', { secrets: [`"${SECRET}"`] }, 'quotes around it'],
    [
      'a secret that is too short',
      { provider: 'lemon-squeezy', secrets: ['short'], headers: { 'x-signature': 'ab'.repeat(32) } },
      '6 to 40 characters',
    ],
    [
      'a reformatted body',
      {
        body: JSON.stringify({ a: JSON.parse('1'), b: 2 }, null, 2),
        headers: { 'x-comapi-signature': hex('{"a":1,"b":2}') },
      },
      'compact JSON',
    ],
    ['a lost line break', { headers: { 'x-comapi-signature': hex(`${BODY}\n`) } }, 'lost the line break'],
    ['a GET', { method: 'get' }, 'by POST'],
    ['an unknown provider', { provider: 'nobody' }, 'unknown provider "nobody"; known: '],
    ['a name of every object', { provider: '__proto__' }, 'unknown provider'],
  ];

  test('explains what is wrong, and never shows a secret', async () => {
    const { code, out, answers } = await verify(explained.map(([, change]) => row(change)));
    expect(code).toBe(0);
    expect(answers.map(({ reason }, n) => [explained[n]?.[0], reason])).toEqual(
      explained.map(([name, , reason]) => [name, expect.stringContaining(reason)]),
    );
    for (const answer of answers) expect(answer).toMatchObject({ ok: false, events: [], handshake: null });
    expect(out).not.toContain(SECRET);
  });

  test('says what a token says and the options do not', async () => {
    const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const now = 1_800_000_000;
    const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const claims = { iss: 'https://issuer.example', aud: 'api_providers', iat: now, exp: now + 60 };
    const token = (more: object) => {
      const content = `${encode({ alg: 'RS256', kid: 'k' })}.${encode({ ...claims, ...more })}`;
      return `Bearer ${content}.${sign('sha256', Buffer.from(content), privateKey).toString('base64url')}`;
    };
    const options = {
      apiKey: 'ours',
      issuer: claims.iss,
      jwks: { keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'k', alg: 'RS256', use: 'sig' }] },
    };
    const request = (authorization: string, at = now) => ({
      provider: 'fortellis',
      options,
      url: 'https://hooks.example.com/webhooks/fortellis/event/sales',
      headers: { authorization, 'fortellis-event-id': 'f1' },
      body: '{}',
      now: at,
    });
    const { answers } = await verify([
      request(token({ sub: 'ours', cid: 'ours' })),
      request(token({ sub: 'theirs', cid: 'ours' })),
      request(token({ sub: 'ours', cid: 'ours' }), now + 100),
    ]);
    expect(answers[0]).toMatchObject({ ok: true, events: [{ id: 'f1', type: 'sales' }] });
    expect(answers[1]?.reason).toContain('its sub is "theirs", the option apiKey is "ours"');
    expect(answers[2]?.reason).toContain('expired 40 s ago');
  });

  test('reads a JSON array, one object over several lines, and files', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'inlet-')), 'row.json');
    writeFileSync(file, `\ufeff${JSON.stringify(row(), null, 2)}\r\n`);
    const pretty = await inlet(['verify', file, file]);
    expect(jsonLines<Judgement>(pretty).map(({ ok }) => ok)).toEqual([true, true]);
    const array = await inlet(['verify'], { input: JSON.stringify([row(), row()], null, 2) });
    expect(jsonLines<Judgement>(array)).toHaveLength(2);
    expect((await inlet(['verify'])).code).toBe(0);
  });

  test('answers a malformed row in its place, says where it is, and ends with 2', async () => {
    const good = JSON.stringify(row());
    const result = await inlet(['verify'], {
      input: ['{"half":', good, '', '[]', '5', '{"provider":"dotdigital","body":{}}', good].join('\n'),
    });
    expect(result.code).toBe(2);
    expect(jsonLines<Judgement>(result).map(({ ok }) => ok)).toEqual([false, true, false, false, true]);
    expect(result.err).toContain('input, line 1: is not JSON');
    expect(result.err).toContain('input, line 5: each row is a JSON object');
    expect(result.err).toContain('input, line 6: body: write the raw body');
    expect(result.err).not.toContain(' at ');
  });

  const wrong: readonly (readonly [object, string])[] = [
    [{ secrets: 'text' }, 'secrets'],
    [{ options: [] }, 'options'],
    [{ headers: { a: {} } }, 'headers'],
    [{ headers: ['a'] }, 'headers'],
    [{ url: '/relative' }, 'url'],
    [{ now: 'today' }, 'now'],
    [{ bodyBase64: 'e30=' }, 'not both'],
    [{ body: null, bodyBase64: '*' }, 'bodyBase64'],
    [{ provider: undefined }, 'provider'],
    [{ method: 1 }, 'method'],
  ];

  test('says of every malformed row what to write', async () => {
    const { code, err, answers } = await verify(wrong.map(([change]) => row(change)));
    expect(code).toBe(2);
    expect(err.trim().split('\n')).toEqual(wrong.map(([, hint]) => expect.stringContaining(hint)));
    expect(answers).toHaveLength(wrong.length);
  });

  test('a file that is not there: 2', async () => {
    const { code, err } = await inlet(['verify', '/not/there']);
    expect([code, err]).toEqual([2, expect.stringContaining('cannot be read')]);
  });
});
