/** No input takes a verification long, and none makes it throw: the largest bodies and headers that get through. */
import type { WebhookRequest } from '../../../functions/pack/request.ts';
import { schemeOf, verifyRequest } from '../../../functions/verification/verify.ts';
import { leastCpuMs, limitMs, LARGEST_BODY as SIZE } from '../../proof/fuzz/cpu.ts';
import { type FuzzedSource, fuzzedSources } from '../../proof/fuzz/sources.ts';
import { bareRequest, NOW } from './sample-request.ts';

const LIMIT_MS = await limitMs();

/** API Gateway lets 10 KB of headers through. */
const LONG = 9_000;

const repeated = (text: string, size = SIZE) => Buffer.alloc(size - (size % text.length), text);

/** Bodies that cost a careless parser the most. */
const bodies: Readonly<Record<string, Buffer>> = {
  brackets: repeated('['),
  objects: repeated('{"a":'),
  keys: Buffer.from(`{${Array.from({ length: 400_000 }, (_, key) => `"${key}":1`).join(',')}}`),
  text: Buffer.from(`{"Signature":"${'a'.repeat(SIZE)}`),
  escapes: Buffer.from(`{"a":"${'\\u0041'.repeat(SIZE / 6)}"}`),
  fields: repeated('a=1&'),
  ampersands: repeated('&'),
  percent: Buffer.from(`bt_payload=${'%41'.repeat(SIZE / 3)}&bt_signature=a|${'a'.repeat(40)}`),
  mandrill: Buffer.from(`mandrill_events=${'%41'.repeat(SIZE / 3 - 10)}`),
  // As much as the packs undo the escapes of.
  'smaller percent': Buffer.from(`bt_signature=a|${'a'.repeat(40)}&bt_payload=${'%0A'.repeat(340_000)}a`),
  'line breaks': Buffer.from(`bt_signature=a|${'a'.repeat(40)}&bt_payload=${'\n'.repeat(300_000)}a`),
  items: Buffer.from(
    JSON.stringify({
      notificationItems: Array(60_000).fill({
        NotificationRequestItem: { additionalData: { hmacSignature: 'a' } },
      }),
    }),
  ),
};

const texts: readonly string[] = [
  ...['A', ',', '=', ';', '.', '&', '|', ' ', '%41', 'a=', 't=1,', 'v1,a '].map(
    (unit) => `${unit.repeat(LONG / unit.length)}!`,
  ),
  `${'a'.repeat(3_000)}.${'b'.repeat(3_000)}.${'c'.repeat(3_000)}`,
  `Bearer ${'a'.repeat(LONG)}`,
  `Basic ${'a'.repeat(LONG)}`,
  `t=${'1'.repeat(LONG)},v1=a`,
  'https://api.paypal.com/'.padEnd(LONG, 'a.'),
  '\u0000é'.repeat(LONG / 2),
];

const sources = await fuzzedSources();
const proofNames = [
  ...new Set(sources.flatMap(({ genuine }) => Object.keys(genuine[0]?.request.headers ?? {}))),
];

/** The body of a genuine request replaced, under its own headers: so it gets as far as the proof lets it. */
function* withLargeBody(source: FuzzedSource): Generator<readonly [string, WebhookRequest]> {
  const { headers } = source.genuine[0]?.request ?? { headers: {} };
  // What is only hashed is hashed alike, whatever it says.
  const readsBody = schemeOf(source.pack, source.options).kind === 'custom';
  const types = readsBody ? ['application/x-www-form-urlencoded', 'application/json'] : ['application/json'];
  for (const [what, body] of Object.entries(bodies).slice(0, readsBody ? undefined : 1)) {
    for (const type of types) {
      yield [`${what} as ${type}`, bareRequest({ headers: { ...headers, 'content-type': type }, body })];
    }
  }
}

function* withLongHeaders(): Generator<readonly [string, WebhookRequest]> {
  for (const text of texts) {
    const headers = Object.fromEntries(proofNames.map((name) => [name, text]));
    const url = `https://hooks.example.com/webhooks/a?secret=${encodeURIComponent(text)}&x=${text}`;
    for (const body of ['{}', 'a=1']) {
      yield [`headers ${text.slice(0, 12)}…`, bareRequest({ headers, url, body: Buffer.from(body) })];
    }
  }
}

test.each(sources.map((source) => [source.name, source] as const))('%s', async (name, source) => {
  const { pack, secrets, options } = source;
  let slowest = { ms: 0, what: '' };
  for (const [what, request] of [...withLargeBody(source), ...withLongHeaders()]) {
    const verify = () => verifyRequest(pack, { request, secrets, options, now: NOW });
    const ms = await leastCpuMs(verify, LIMIT_MS);
    if (ms > slowest.ms) slowest = { ms, what };
  }
  expect(slowest.ms > LIMIT_MS ? { name, ...slowest } : undefined).toBeUndefined();
});
