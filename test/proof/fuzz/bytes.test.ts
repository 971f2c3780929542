import { proveRequest, verifyRequest } from '../../../functions/verification/verify.ts';
import { bareRequest, NOW } from '../../unit/providers/sample-request.ts';
import { keepsSignedPart } from './signed-part.ts';
import { fuzzedSources, ORIGIN } from './sources.ts';

const REPLACEMENT = Buffer.from('\ufffd');

test('bytes that are no UTF-8 do not pass for the character that stands in their place', async () => {
  const wrong: string[] = [];
  let judged = 0;
  for (const source of await fuzzedSources()) {
    const { name, pack, options, secrets } = source;
    const [sample] = pack.samples;
    const text = sample?.body(1) ?? '';
    const at = text.lastIndexOf('"');
    if (!sample || at < 0 || secrets.length === 0) continue;
    const unsigned = bareRequest({
      url: `${ORIGIN}/webhooks/${name}`,
      headers: sample.headers ?? {},
      body: Buffer.from(`${text.slice(0, at)}\ufffd${text.slice(at)}`),
    });
    const request = await proveRequest(pack, {
      request: unsigned,
      secret: secrets[1] ?? '',
      options,
      now: NOW,
    });
    const found = request.body.indexOf(REPLACEMENT);
    if (found < 0) continue;
    const { body } = request;
    const other = Buffer.concat([body.subarray(0, found), Buffer.from([0xff]), body.subarray(found + 3)]);
    const given = { secrets, options, now: NOW };
    const altered = { ...request, body: other };
    const [genuine, verdict] = [
      await verifyRequest(pack, { ...given, request }),
      await verifyRequest(pack, { ...given, request: altered }),
    ];
    judged++;
    if (!genuine.ok || (verdict.ok && !keepsSignedPart(source, request, altered))) wrong.push(name);
  }
  expect(wrong).toEqual([]);
  expect(judged).toBeGreaterThan(50);
});
