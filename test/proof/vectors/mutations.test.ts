import type { Provider, Sample } from '../../../functions/pack/provider.ts';
import { providers } from '../../../functions/providers/index.ts';
import { schemeOf } from '../../../functions/verification/verify.ts';
import { NOW, provenSample, standFor } from '../../unit/providers/sample-request.ts';
import { mutations } from './mutate.ts';
import { judgeRow, publishedRows, type VectorRow } from './rows.ts';

const figure = { passed: 0, tried: 0, accepted: 0 };

/** Providers that sign a part of the body, or nothing of it. What they do sign is tested with their packs. */
const bodyNotWhollySigned = new Set([
  'adyen',
  'auth0',
  'azure-event-grid',
  'basic',
  'braintree',
  'chargebee',
  'cloudevents',
  'fortellis',
  'jwt',
  'mailgun',
  'mandrill',
  'microsoft-graph',
  'mollie',
  'okta',
  'postmark',
  'query-secret',
  'shared-secret',
  'sns',
  'twilio',
]);

afterAll(() => {
  const { passed, tried, accepted } = figure;
  process.stdout.write(`vectors passed ${passed}, mutations tried ${tried}, wrongly accepted ${accepted}\n`);
});

async function expectAllRefused(row: VectorRow): Promise<void> {
  const provider = providers[row.provider] as Provider;
  const genuine = await judgeRow(row);
  expect({ ok: genuine.ok, reason: genuine.reason }).toEqual({ ok: true, reason: null });
  figure.passed++;
  const bodySigned =
    schemeOf(provider, row.options).kind !== 'shared-secret' && !bodyNotWhollySigned.has(row.provider);
  const accepted: string[] = [];
  let tried = 0;
  for await (const mutation of mutations(row, bodySigned)) {
    tried++;
    if ((await judgeRow(mutation.row)).ok) accepted.push(mutation.what);
  }
  figure.tried += tried;
  figure.accepted += accepted.length;
  expect(accepted).toEqual([]);
  expect(tried).toBeGreaterThan(0);
}

const posted = (publishedRows() ?? []).filter(
  (row) => row.expected === 'valid' && row.method === 'POST' && Object.hasOwn(providers, row.provider),
);

// Where the vectors are not at hand, `publishedRows` has said so.
const describePublished = posted.length > 0 ? describe : describe.skip;
describePublished('published vectors, altered', () => {
  // A table may not be empty, not even one that is skipped.
  const named = posted.map((row, n): [string, VectorRow?] => [`${n} ${row.provider} ${row.note}`, row]);
  test.each(named.length > 0 ? named : ([['none at hand']] satisfies [string, VectorRow?][]))(
    '%s',
    async (_name, row) => {
      if (row) await expectAllRefused(row);
    },
  );
});

describe('signed samples, altered', () => {
  test.each(Object.values(providers).map((provider): [string, Provider] => [provider.name, provider]))(
    '%s',
    async (name, provider) => {
      for (const sample of provider.samples) {
        const row = await signedSample(provider, sample);
        if (row) await expectAllRefused(row);
        else process.stdout.write(`not altered: a request of ${name} can be signed by nobody else\n`);
      }
    },
  );
});

/** The sample as `inlet verify` would get it, or undefined when nobody but the provider can sign. */
async function signedSample(provider: Provider, sample: Sample): Promise<VectorRow | undefined> {
  const stand = standFor(provider);
  if (!stand.canSign) return undefined;
  const { url, headers, body } = await provenSample(provider, sample, { seed: 1, stand });
  return {
    provider: provider.name,
    expected: 'valid',
    note: sample.type,
    options: stand.options,
    secrets: stand.withoutSecret ? [] : [stand.secret],
    method: 'POST',
    url,
    headers: { ...headers },
    bodyBase64: body.toString('base64'),
    now: NOW / 1000,
  };
}
