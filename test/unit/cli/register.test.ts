import { describe, expect, test } from '@jest/globals';
import { registrationOf } from '../../../cli/register.ts';
import { providers } from '../../../functions/providers/index.ts';
import { inlet } from './command.ts';

describe('inlet register', () => {
  test.each(Object.values(providers).map((pack) => [pack.name, pack] as const))(
    'says what to enter: %s',
    (_name, pack) => {
      const sheet = registrationOf(pack, 'mine', 'https://hooks.example.com/webhooks/mine');
      const text = sheet.steps.join('\n');
      expect(text).toContain('https://hooks.example.com/webhooks/mine');
      expect(text).not.toMatch(/\{url\}|<source>/);
      if (pack.secret.development) expect(JSON.stringify(sheet)).not.toContain(pack.secret.development);
    },
  );

  test('prints URL, secret, steps and retries, or JSON', async () => {
    const { out, code } = await inlet(['register', 'chargify', '--url', 'https://hooks.example.com']);
    expect(code).toBe(0);
    expect(out).toContain('https://hooks.example.com/webhooks/chargify');
    expect(out).toContain('Inlet answers 200. The provider waits 15 s.');
    const json = await inlet(['register', 'stripe', '--json']);
    expect(JSON.parse(json.out)).toMatchObject({ source: 'stripe', answer: expect.any(Number) });
  });

  test.each([
    [['register', 'nope'], /There is no source "nope"/],
    [['register', 'chargify', '--open', '10m'], /hands no key over/],
    [['register', 'asana', '--open', '10 minutes'], /write for how long/],
    [['register', 'asana', '--open', '2h'], /at most 1h/],
    [['register', 'asana', '--open', '10m', '--url', 'http://127.0.0.1:9'], /No Inlet answers/],
  ])('%j is refused with what to do', async (words, message) => {
    const { err, code } = await inlet(words);
    expect(code).toBe(2);
    expect(err).toMatch(message);
  });
});
