import { basicAuth, secretProblem } from '../../../functions/verification/basic.ts';
import { signWith, tryOut } from './request.ts';

const scheme = basicAuth();
const encoded = (text: string) => Buffer.from(text, 'utf8').toString('base64');
const SECRET = 'user:password';
const header = `Basic ${encoded(SECRET)}`;
const tell = (authorization: string | undefined, secrets: readonly string[] = [SECRET]) =>
  tryOut(scheme, { headers: authorization === undefined ? {} : { authorization }, secrets });

const PROBLEM = 'Write user name and password as one text with a colon between them: "user:password".';

describe('a header of Basic authentication', () => {
  test.each([
    ['as it is sent', header],
    ['with the scheme in lower case', header.replace('Basic', 'basic')],
    ['with the scheme in upper case', header.replace('Basic', 'BASIC')],
    ['with several spaces', header.replace(' ', '   ')],
  ])('is good %s', async (_what, value) => {
    expect(await tell(value)).toEqual({ ok: true, secret: 0 });
  });

  test.each([['user:pass:word'], ['Jörg:größe ✓'], ['user:two\nlines'], ['a:b']])(
    'carries %j',
    async (secret) => {
      expect(await tell(`Basic ${encoded(secret)}`, [secret])).toEqual({ ok: true, secret: 0 });
    },
  );

  test.each([undefined, ''])('%p is missing', async (value) => {
    expect(await tell(value)).toEqual({ ok: false, reason: 'signature-missing', hint: 'authorization' });
  });

  test.each([
    ['another scheme', `Bearer ${encoded(SECRET)}`],
    ['the scheme alone', 'Basic'],
    ['the scheme and a space', 'Basic '],
    ['no space', header.replace(' ', '')],
    ['a tab', header.replace(' ', '\t')],
    ['the secret as it is', `Basic ${SECRET}`],
    ['something before it', `x${header}`],
    ['something after it', `${header} x`],
    ['the header twice', `${header}, ${header}`],
    ['too much padding', `Basic ${encoded(SECRET)}==`],
    ['padding alone', 'Basic =='],
  ])('is malformed with %s', async (_what, value) => {
    const malformed = { ok: false, reason: 'signature-malformed', hint: 'expected "Basic <base64>"' };
    expect(await tell(value)).toEqual(malformed);
  });

  test.each([
    ['another password', encoded('user:other')],
    ['another user', encoded('other:password')],
    ['the beginning of the password', encoded('user:passwor')],
    ['the same bytes in another spelling', encoded(SECRET).replace('=', '')],
    ['the other case', encoded(SECRET).toLowerCase()],
  ])('does not match with %s', async (_what, value) => {
    expect(await tell(`Basic ${value}`)).toEqual({ ok: false, reason: 'signature-mismatch' });
  });
});

describe('secrets', () => {
  const malformed = ['', 'password', ':password', ':pass:word', 'user:', ':'];

  test.each(malformed)('%j is none', async (secret) => {
    expect(secretProblem(secret)).toBe(PROBLEM);
    expect(await tell(`Basic ${encoded(secret)}`, [secret])).toEqual(
      secret === ''
        ? { ok: false, reason: 'signature-malformed', hint: 'expected "Basic <base64>"' }
        : { ok: false, reason: 'secret-malformed' },
    );
  });

  test.each([SECRET, 'a:b', 'a::', 'a:\n'])('%j is one', (secret) => {
    expect(secretProblem(secret)).toBeUndefined();
  });

  test('may be several, and one of them that is malformed does not count', async () => {
    expect(await tell(header, ['other:secret', SECRET])).toEqual({ ok: true, secret: 1 });
    expect(await tell(header, ['password', SECRET])).toEqual({ ok: true, secret: 1 });
    expect(await tell(`Basic ${encoded('password')}`, ['password', SECRET])).toEqual({
      ok: false,
      reason: 'signature-mismatch',
    });
    expect(await tell(header, [])).toEqual({ ok: false, reason: 'secret-missing' });
  });
});

test('signs with a secret of the right form only', async () => {
  expect(await signWith(scheme, SECRET)).toEqual({ authorization: header });
  await expect(signWith(scheme, 'password')).rejects.toThrow(new TypeError(PROBLEM));
});
