import type { TimestampRule, Verification } from '../../../functions/pack/scheme.ts';
import { withTimeInBody } from '../../../functions/verification/body-time.ts';
import { hmacScheme, NOW, requestOf } from './request.ts';

const NOW_MS = NOW * 1000 + 999;

const schemeOf = (from: TimestampRule['from'], unit: TimestampRule['unit'] = 'seconds') =>
  hmacScheme({ kind: 'bare' }, { timestamp: { from, unit, toleranceSeconds: 300 } });

function bodyOf(scheme: Verification, body: string): unknown {
  const context = { request: requestOf({}, body), secret: 'secret', options: {}, now: NOW_MS };
  return withTimeInBody(scheme, context)?.body.toString('utf8');
}

test.each([
  ['seconds', NOW],
  ['milliseconds', NOW_MS],
  ['seconds-or-milliseconds', NOW_MS],
  ['rfc3339', '2026-01-01T00:00:00.999Z'],
] as const)('a time in %s is written into the body', (unit, sent) => {
  const scheme = schemeOf({ body: 'sent' }, unit);
  expect(bodyOf(scheme, '{"a":{"b":[1]}}')).toBe(JSON.stringify({ a: { b: [1] }, sent }));
});

test('a time that stands there already is replaced, in its place', () => {
  expect(bodyOf(schemeOf({ body: 'sent' }), '{"sent":1,"a":2}')).toBe(`{"sent":${NOW},"a":2}`);
});

test.each<[string, Verification]>([
  ['a header', schemeOf({ header: 'sent' })],
  ['a pair of the signature', schemeOf({ pair: 'sent' })],
  ['a place deeper in the body', schemeOf({ body: 'meta.sent' })],
  ['nowhere', hmacScheme({ kind: 'bare' })],
  ['no scheme that has times', { kind: 'unsigned' }],
])('with the time in %s, the body stays as it is', (_what, scheme) => {
  expect(bodyOf(scheme, '{"sent":1,"meta":{"sent":1}}')).toBeUndefined();
});

test.each(['', 'text', '[]', 'null', '{"a":1'])('a body %j has no place for a time', (body) => {
  expect(bodyOf(schemeOf({ body: 'sent' }), body)).toBeUndefined();
});
