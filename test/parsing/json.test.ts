import fc from 'fast-check';
import { parseJson, stringifyJson } from '../../functions/parsing/json.ts';
import { decodeEnvelope, type Envelope, encodeEnvelope } from '../../functions/queue/envelope.ts';

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

test('an envelope carries any bytes, any key and any header, in characters that SQS takes', () => {
  const envelope = fc.record({
    key: fc.string({ unit: 'binary' }).map((text) => text.toWellFormed()),
    header: fc.string({ unit: 'binary' }).map((text) => text.toWellFormed()),
    body: fc.uint8Array(),
  });
  fc.assert(
    fc.property(envelope, ({ key, header, body }) => {
      const original: Envelope = {
        source: 'a',
        key,
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
