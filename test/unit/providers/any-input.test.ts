/** No input makes a pack throw, or accept what nothing proves. How long it may take: `bounds.test.ts`. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { providers } from '../../../functions/providers/index.ts';
import { answerHandshake, rehearsal, verifyRequest } from '../../../functions/verification/verify.ts';
import { factsOf } from './pack-lacks.ts';
import { bareRequest, NOW, provenSample, standFor, URL_OF_SAMPLES } from './sample-request.ts';

const packs = Object.values(providers);
const names = [
  ...new Set(
    packs
      .flatMap((pack) => pack.samples.flatMap((sample) => Object.keys(sample.headers ?? {})))
      .concat([
        'authorization',
        'x-hook-secret',
        'x-okta-verification-challenge',
        'aeg-event-type',
        'ce-specversion',
        'ce-id',
        'webhook-request-origin',
        'x-mollie-signature',
        'x-hub-signature',
        'x-twitter-webhooks-signature',
      ]),
  ),
];

const word = fc.oneof(
  fc.string({ maxLength: 40 }),
  fc.constantFrom('', '{}', '[]', 'null', '0', 'sha256=', 'Basic', 'Bearer a.b.c', ',', '%', '\u0000'),
);
const body = fc.oneof(
  fc.json({ maxDepth: 4 }),
  fc.string(),
  fc.constantFrom(
    '',
    'null',
    '[null]',
    '{"value":[null]}',
    '{"events":[null]}',
    '{"entry":[null]}',
    '{"data":null}',
    '{"data":{"events":[null]}}',
    '{"entry":[{"changes":[{"value":{"statuses":[null],"messages":5}}]}]}',
    '[1]',
    '"text"',
    '{"tweet_create_events":[null]}',
    '{"content":null,"event_type":5}',
  ),
);
const request = fc.record({
  method: fc.constantFrom('POST', 'GET', 'HEAD', 'OPTIONS'),
  query: fc.oneof(
    word,
    fc.constantFrom(
      'secret=x',
      'crc_token=a',
      'validationToken=%',
      'hub.mode=subscribe&hub.challenge=1',
      'bt_challenge=x',
      'challenge=x',
    ),
  ),
  headers: fc.dictionary(fc.constantFrom(...names), word, { maxKeys: 6 }),
  body,
});

test('random requests: no exception, nothing accepted, no handshake that throws', async () => {
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...packs), request, async (pack, { method, query, headers, body }) => {
      const stand = standFor(pack);
      const given = bareRequest({
        method,
        url: `${URL_OF_SAMPLES}?${query}`,
        headers,
        body: Buffer.from(body),
      });
      const context = {
        request: given,
        secrets: [stand.secret],
        options: stand.options,
        secret: stand.secret,
      };
      for (const when of ['before', 'after'] as const) await answerHandshake(pack, context, when, rehearsal);
      const verdict = await verifyRequest(pack, { ...context, now: NOW });
      expect(verdict.ok).toBe(false);
      factsOf(pack, given, stand);
    }),
    { numRuns: 3_000 },
  );
}, 60_000);

test('a proven sample whose body is replaced can still be described', async () => {
  const signing = packs.filter((pack) => pack.samples.length > 0 && standFor(pack).canSign);
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...signing), body, async (pack, text) => {
      const sample = pack.samples[0];
      if (!sample) return;
      const stand = standFor(pack);
      const proven = await provenSample(pack, sample, { seed: 1, stand });
      for (const facts of factsOf(pack, { ...proven, body: Buffer.from(text) }, stand)) {
        expect(typeof facts.id).toBe('string');
        expect(facts.id).not.toBe('');
        expect(facts.revision).toMatch(/^-?\d+(\.\d+)?$/);
      }
    }),
    { numRuns: 3_000 },
  );
}, 60_000);
