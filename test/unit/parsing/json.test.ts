import fc from 'fast-check';
import { decodeEnvelope, type Envelope, encodeEnvelope } from '../../../functions/core/envelope.ts';
import { parseJson, stringifyJson } from '../../../functions/parsing/json.ts';

test('long integers keep their digits', () => {
  const text = '{"id":12345678901234567890,"small":1,"text":"12345678901234567890"}';
  expect(stringifyJson(parseJson(text))).toBe(text);
  expect(parseJson(text)).toMatchObject({ id: 12345678901234567890n, small: 1 });
});

test('any JSON survives', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(JSON.parse(stringifyJson(parseJson(JSON.stringify(value))))).toEqual(
        JSON.parse(JSON.stringify(value)),
      );
    }),
  );
});

/** What `parseJson` says, in the way that needs no marks, but a second tree. */
function parseWithReviver(text: string): unknown {
  const reviver = (_key: string, value: unknown, { source = '' }: { source?: string }) =>
    typeof value === 'number' && !Number.isSafeInteger(value) && /^-?\d+$/.test(source)
      ? BigInt(source)
      : value;
  return (JSON as unknown as { parse(text: string, revive: typeof reviver): unknown }).parse(text, reviver);
}

const resultOf = (parse: (text: string) => unknown, text: string) => {
  try {
    return parse(text);
  } catch (error) {
    return (error as Error).name;
  }
};

const numbers = fc.oneof(
  fc.bigInt({ min: -(2n ** 80n), max: 2n ** 80n }).map(String),
  fc.constantFrom(
    '9007199254740991',
    '9007199254740992',
    '-9007199254740993',
    '1234567890123456.5',
    '12345678901234567e3',
  ),
);
// No second key with an escape: V8 has been seen to take one for the other.
const digits = fc.constantFrom('"12345678901234567"', '"\\"12345678901234567"', '"\\\\"', '""');
const part = fc.oneof(numbers, digits, fc.constantFrom('[', ']', '{', '}', ',', ':', ' ', '0', '-', 'null'));

test.each([
  '[12345678901234567 , -12345678901234567]',
  '{"a":12345678901234567,"a":1,"1":2,"0":12345678901234568}',
  '{12345678901234567 : 1}',
  '[012345678901234567]',
  '[12345678901234567"a"]',
  '12345678901234567',
  ' -123456789012345678901234567890\n',
  '[12345678901234567.0,12345678901234567e1,1-12345678901234567]',
])('%s is read as with a reviver', (text) => {
  expect(resultOf(parseJson, text)).toEqual(resultOf(parseWithReviver, text));
});

test('an own __proto__ is a key as any other', () => {
  const text = '{"__proto__":12345678901234567,"a":{"__proto__":{"b":12345678901234567}}}';
  expect(stringifyJson(parseJson(text))).toBe(text);
});

test('nesting deeper than a stack is no matter', () => {
  const text = `${'['.repeat(100_000)}12345678901234567${']'.repeat(100_000)}`;
  expect(() => parseJson(text)).not.toThrow();
});

test('whatever the text is, it is read as with a reviver, or refused as well', () => {
  const list = fc.array(fc.oneof(numbers, digits)).map((parts) => `[${parts.join(',')}]`);
  const object = fc
    .array(fc.tuple(digits, numbers))
    .map((all) => `{${all.map((pair) => pair.join(':')).join()}}`);
  const anything = fc.array(part).map((parts) => parts.join(''));
  fc.assert(
    fc.property(fc.oneof(list, object, anything), (text) => {
      expect(resultOf(parseJson, text)).toEqual(resultOf(parseWithReviver, text));
    }),
    { numRuns: 2_000 },
  );
});

test('an envelope carries any bytes, any key and any header, in characters that SQS takes', () => {
  const envelope = fc.record({
    id: fc.string({ unit: 'binary' }).map((text) => text.toWellFormed()),
    header: fc.string({ unit: 'binary' }).map((text) => text.toWellFormed()),
    body: fc.uint8Array(),
  });
  fc.assert(
    fc.property(envelope, ({ id, header, body }) => {
      const original: Envelope = {
        source: 'a',
        id,
        kind: 'event',
        receivedAt: 1,
        headers: { 'x-a': header },
        subpath: '',
        body: Buffer.from(body).toString('base64'),
      };
      const text = encodeEnvelope(original);
      expect(text).toMatch(/^[\x20-\x7e]*$/);
      const decoded = decodeEnvelope(text);
      expect(decoded).toEqual(original);
      expect(Buffer.from(decoded.body ?? '', 'base64').equals(Buffer.from(body))).toBe(true);
    }),
  );
});

test.each(['', '{}', 'null', '[]', '{"version":2}', '{"version":1,"source":"a"}'])(
  '%s is no envelope',
  (text) => {
    expect(() => decodeEnvelope(text)).toThrow();
  },
);
