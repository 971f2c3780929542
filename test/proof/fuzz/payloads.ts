/** Text and bodies that have broken parsers, regular expressions and objects before. */
import type { Random } from './random.ts';

export const WORDS: readonly string[] = [
  ...[
    '',
    ' ',
    '0',
    '-1',
    '1e999',
    'NaN',
    'null',
    'undefined',
    'true',
    '__proto__',
    'constructor',
    'toString',
  ],
  ...[
    '%',
    '%00',
    '%zz',
    '%E0%A4%A',
    '../../..',
    '\u0000',
    '\r\nx: y',
    '\ud800',
    'é',
    '😀',
    '\u2028',
    '＝',
    'ı',
  ],
  ...[
    '9'.repeat(400),
    '1'.repeat(17),
    '0x10',
    '1.5',
    '1700000000',
    '2026-01-01T00:00:00Z',
    '2026-99-99T99:99:99Z',
  ],
  ...[
    'sha256=',
    'v1,',
    't=',
    't=1,v1=',
    'Bearer ',
    'Bearer a.b.c',
    'Basic ',
    'Basic !!!!',
    'v0=',
    'a|b',
    'pub|hex',
  ],
];

/** Up to 10 KB, as large as the headers of one request may be together. */
export function longText(random: Random): string {
  const unit = random.pick([
    ...['a', 'A', '=', ',', ';', '.', ' ', '|', '&', '%', '%41', '\\', '"', '/', ':', '0', 'a=', 't=', 'v1='],
    ...['v1,a ', 't=1,', 'sha256=a,', 'a.', 'aA', 'a\t', '=\u00e9', '%2F', 'h=a b ', '{', '[', 'ab|cd&'],
  ]);
  const length = random.pick([100, 1_000, 5_000, 10_000]);
  return (
    unit.repeat(Math.ceil(length / unit.length)).slice(0, length) + random.pick(['', '!', '\n', '=', 'a'])
  );
}

const proto =
  '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"toString":1,"hasOwnProperty":0}';

/** Bodies that have nothing to do with the one that was signed. */
export const BODIES: readonly ((random: Random) => string | Buffer)[] = [
  () => '',
  (random) =>
    random.pick(
      ['[', '{"a":', '[{"a":', '{"value":['].flatMap((open) => [10, 5_000].map((n) => open.repeat(n))),
    ),
  () => `${'['.repeat(3_000)}${']'.repeat(3_000)}`,
  () => proto,
  () => `[${proto},null,1,"a",[]]`,
  () => '{"id":"\\ud800","type":"\\udfff\\ud800","a":"\\u0000"}',
  () => `{"id":1e999,"n":-1e-999,"big":${'9'.repeat(5_000)},"created_at":1${'0'.repeat(400)}}`,
  () => Buffer.from([0xff, 0xfe, 0x7b, 0x22, 0xc3, 0x28, 0x22, 0x3a, 0x31, 0x7d]),
  () => Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from('{}')]),
  () => 'a=1&'.repeat(3_000),
  () => `${'a[b]'.repeat(500)}=1&${'a['.repeat(500)}=2&__proto__[x]=1&constructor[prototype][y]=2`,
  () => `payload=${'%7B%22a%22%3A'.repeat(500)}`,
  (random) => `{"text":"${longText(random)}"}`,
  (random) => `bt_payload=${'%41'.repeat(2_000)}&bt_signature=${encodeURIComponent(longText(random))}`,
  () => `{${Array.from({ length: 500 }, (_, key) => `"k${key}":${key}`).join(',')}}`,
  (random) =>
    JSON.stringify({ notificationItems: Array(random.below(120)).fill({ NotificationRequestItem: {} }) }),
  (random) => JSON.stringify({ value: Array(random.below(50)).fill({ clientState: null, id: {} }) }),
  (random) =>
    JSON.stringify(
      random.pick([null, 1, 'a', true, [], {}, [[]], [null], { events: [] }, { events: [null] }]),
    ),
  (random) => JSON.stringify({ type: 'url_verification', challenge: longText(random) }),
  (random) => random.bytes(random.below(200)),
];

/** Queries that look like the handshakes of providers. */
export function handshakeQuery(random: Random): string {
  const value = random.chance(0.5)
    ? encodeURIComponent(random.pick(WORDS).toWellFormed())
    : longText(random).replaceAll(/[\s#]/g, '');
  const name = random.pick([
    ...['hub.mode=subscribe&hub.verify_token=x&hub.challenge', 'crc_token', 'challenge', 'validationToken'],
    ...['bt_challenge', 'secret', 'access_token', 'key', 'bodySHA256', '__proto__', 'rc=&rp'],
  ]);
  return `${name}=${value}`;
}
