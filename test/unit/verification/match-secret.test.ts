import { createHmac } from 'node:crypto';
import { matchSecret } from '../../../functions/verification/match-secret.ts';
import { refusal } from './custom-request.ts';

const digest = (secret: string) => createHmac('sha256', secret).update('content').digest();
const one = (secret: string) => [digest(secret)];
/** As of a provider whose secrets begin in a certain way. */
const formed = (secret: string) => (secret.startsWith('sk_') ? one(secret) : undefined);
const wrong = Buffer.alloc(32);

describe('which secret is right', () => {
  test.each<[string, readonly string[], readonly Buffer[], number]>([
    ['the only one', ['a'], [digest('a')], 0],
    ['the second', ['a', 'b'], [digest('b')], 1],
    ['the first of two signatures', ['a'], [digest('a'), wrong], 0],
    ['the second of two signatures', ['a'], [wrong, digest('a')], 0],
    ['the one beside an empty one', ['', 'b'], [digest('b')], 1],
    ['the one beside a signature of another length', ['a'], [Buffer.alloc(31), digest('a')], 0],
  ])('%s', (_what, secrets, signatures, secret) => {
    expect(matchSecret(secrets, signatures, one)).toEqual({ ok: true, secret });
  });

  test('one that stands beside one of the wrong form', () => {
    expect(matchSecret(['x', 'sk_1'], [digest('sk_1')], formed)).toEqual({ ok: true, secret: 1 });
    expect(matchSecret(['x', 'sk_1'], [digest('x')], formed)).toEqual(refusal('signature-mismatch'));
  });

  test('any of several digests that the provider may have computed', () => {
    const both = (secret: string) => [digest(`${secret}-old`), digest(`${secret}-new`)];
    for (const form of ['old', 'new'])
      expect(matchSecret(['a'], [digest(`a-${form}`)], both)).toEqual({ ok: true, secret: 0 });
  });
});

describe('why none is', () => {
  test.each<[string, readonly string[], readonly Buffer[], string]>([
    ['there is none', [], [digest('a')], 'secret-missing'],
    ['it is empty', [''], [digest('')], 'secret-malformed'],
    ['it signed something else', ['a'], [digest('b')], 'signature-mismatch'],
    ['there is no signature', ['a'], [], 'signature-mismatch'],
    ['the signature is shorter', ['a'], [digest('a').subarray(1)], 'signature-mismatch'],
    ['the signature is longer', ['a'], [Buffer.concat([digest('a'), wrong])], 'signature-mismatch'],
    ['the empty one never counts', ['', 'a'], [digest('')], 'signature-mismatch'],
  ])('%s', (_what, secrets, signatures, reason) => {
    expect(matchSecret(secrets, signatures, one)).toEqual(refusal(reason));
  });

  test('each has the wrong form', () => {
    expect(matchSecret(['x', 'y', ''], [digest('x')], formed)).toEqual(refusal('secret-malformed'));
  });
});
