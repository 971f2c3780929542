import { redactBody } from '../../../functions/facts/redact.ts';
import type { EventShape, Provider } from '../../../functions/pack/provider.ts';
import { redactJson } from '../../../functions/parsing/redact-json.ts';
import { providers } from '../../../functions/providers/index.ts';

const json = (text: string, ...paths: readonly (readonly string[])[]) => redactJson(text, paths, 'x');

describe('JSON', () => {
  test.each<[string, string, readonly string[], string]>([
    ['a text', '{"a":"s"}', ['a'], '{"a":"x"}'],
    ['a number', '{"a":-1.50e3,"b":2}', ['a'], '{"a":"x","b":2}'],
    ['a literal', '{"a": null }', ['a'], '{"a": "x" }'],
    ['an object, with all that is in it', '{"a":{"a":["]}",{}]},"b":1}', ['a'], '{"a":"x","b":1}'],
    ['a list', '{"a":[1,[2]]}', ['a'], '{"a":"x"}'],
    ['each item of a list', '{"v":[{"s":1},{"s":"2"},3]}', ['v', '*', 's'], '{"v":[{"s":"x"},{"s":"x"},3]}'],
    ['the items themselves', '[1, "2"]', ['*'], '["x", "x"]'],
    ['a key that comes twice, both times', '{"a":1,"a":2}', ['a'], '{"a":"x","a":"x"}'],
    ['a key with escapes', String.raw`{"\u0061":1}`, ['a'], String.raw`{"\u0061":"x"}`],
    ['a text with quotes in it', String.raw`{"a":"\"b\\"}`, ['a'], '{"a":"x"}'],
    ['what is cut off', '{"a":{"b":"secret', ['a'], '{"a":"x"'],
    ['a text that is cut off', '{"a":"secret', ['a'], '{"a":"x"'],
  ])('%s is replaced', (_what, text, path, expected) => {
    expect(json(text, path)).toBe(expected);
  });

  test.each([
    '{"b":{"a":1},"A":2,"c":"a"}',
    '["a",1]',
    '"a"',
    '',
    '{ "n" : 12345678901234567890.10, "n" : 1e400 , "t":"\\u00e9\\/" }',
    '}}]]{"a"',
    '\ufeff{"b":1}',
  ])('%j has nothing at the path, and stays as it is', (text) => {
    expect(json(text, ['a'])).toBe(text);
  });

  test('everything else stays as it is written', () => {
    const text = '{ "n":12345678901234567890, "f":1.0, "a":"s", "e":"\\u00e9", "f":0.10000000000000000555 }';
    expect(json(text, ['a'])).toBe(text.replace('"s"', '"x"'));
  });

  test('nesting of any depth is no matter', () => {
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    expect(json(`{"d":${deep},"a":1}`, ['a'])).toBe(`{"d":${deep},"a":"x"}`);
  });
});

const pack = (format: EventShape['format'], ...bodyCredentials: readonly string[]): Provider => ({
  ...(providers.tasks as Provider),
  events: { format },
  bodyCredentials,
});
const redact = (given: Provider, text: string) => redactBody(given, Buffer.from(text)).toString();

describe('a form', () => {
  test('loses the fields of the paths, nested ones as well, and nothing else', () => {
    const text = 'b=%20+%c3&token=s&token=t&token%5Ba%5D=u&tokens=1&&c';
    const hidden = 'token=%28redacted%29';
    expect(redact(pack('form', 'token'), text)).toBe(
      `b=%20+%c3&${hidden}&${hidden}&token%5Ba%5D=%28redacted%29&tokens=1&&c`,
    );
    expect(redact(pack('form', 'a.token'), 'a[token]=s&a[b]=1&token=2')).toBe(
      'a%5Btoken%5D=%28redacted%29&a[b]=1&token=2',
    );
  });

  test('is searched inside the field that is unfolded, only where it is', () => {
    const payload = new URLSearchParams({ payload: '{"token":"s","a":1}' }).toString();
    const hidden = new URLSearchParams({ payload: '{"token":"(redacted)","a":1}' }).toString();
    expect(redact(pack('auto', 'token'), payload)).toBe(hidden);
    expect(redact(pack('json-or-form', 'token'), payload)).toBe(payload);
    expect(redact(pack('auto', 'token'), 'payload=token&a=1')).toBe('payload=token&a=1');
  });

  test('is what its bytes say, where the pack leaves that open', () => {
    expect(redact(pack('auto', 'token'), '{"token":1}')).toBe('{"token":"(redacted)"}');
    expect(redact(pack('json', 'token'), '{"token":1}')).toBe('{"token":"(redacted)"}');
    expect(redact(pack('json-or-form', 'token'), 'token=1')).toBe('token=%28redacted%29');
  });
});

test('bytes that are no text come back as they were', () => {
  const body = Buffer.concat([
    Buffer.from('{"token":"s","b":"'),
    Buffer.from([0xff, 0xc3, 0x28]),
    Buffer.from('"}'),
  ]);
  const redacted = redactBody(pack('json', 'token'), body);
  expect(redacted.toString('latin1')).toBe(body.toString('latin1').replace('"s"', '"(redacted)"'));
});

test('twice is as good as once, and a pack without credentials changes nothing', () => {
  const body = Buffer.from('{"token":"s"}');
  const once = redactBody(pack('json', 'token'), body);
  expect(redactBody(pack('json', 'token'), once)).toEqual(once);
  expect(redactBody(pack('json'), body)).toBe(body);
});
