/**
 * Captured requests, sent again under every change that their proof does not cover: the handler runs once for each type,
 * and what came again is counted on the entry.
 */
import type { EventDetail } from '../../../functions/api/types.ts';
import type { Handler } from '../../../functions/core/handler.ts';
import { schemeOf, verifyRequest } from '../../../functions/verification/verify.ts';
import { createContext } from '../../helpers/context.ts';
import { packOf } from '../../unit/providers/judge-pack.ts';
import { NOW, provenSample, standFor } from '../../unit/providers/sample-request.ts';
import { headerVariants, urlVariants } from '../../unit/providers/variants.ts';

/** Those whose ids or types nothing signs, and some whose content is the key. None signs a time or the URL. */
const NAMES = [
  'adyen',
  'bitbucket',
  'github',
  'jira',
  'paystack',
  'razorpay',
  'sentry',
  'shopify',
  'woocommerce',
  'xero',
];

/** Of these, fetch writes the value itself. */
const OF_THE_CLIENT = ['host', 'content-length', 'connection'];

const runs = new Map<string, number>();
const handler: Handler = {
  name: 'counting',
  description: 'Counts what it is run for.',
  async handle({ source, type }) {
    const key = `${source} ${type}`;
    runs.set(key, (runs.get(key) ?? 0) + 1);
  },
};

const { post, api, waitFor } = await createContext({
  now: () => NOW,
  handlers: { 'fulfil-order': handler },
  config: {
    sources: Object.fromEntries(
      NAMES.map((provider) => [provider, { provider, handler: 'fulfil-order' } as const]),
    ),
  },
});

const idOf = (answer: Response) =>
  decodeURIComponent(answer.headers.get('inlet-delivery') ?? '').replace(/^[^/]+\//, '');

async function detailOf(source: string, id: string): Promise<EventDetail> {
  return waitFor(
    async () => {
      const { status, body } = await api(`/api/events/${source}/${encodeURIComponent(id)}`);
      return status === 200 && (body as EventDetail).settledAt ? (body as EventDetail) : undefined;
    },
    { deadlineMs: 20_000, what: `${id} of ${source} settled` },
  );
}

test.each(NAMES)('%s: a captured request counts once for each type', async (name) => {
  const pack = packOf(name);
  expect(schemeOf(pack, {}).kind).not.toBe('shared-secret');
  const { secret, options } = standFor(pack);
  const ids = new Set<string>();
  for (const sample of pack.samples.slice(0, 1)) {
    const genuine = await provenSample(pack, sample, { seed: 7 });
    const first = await post(name, genuine.body, genuine.headers);
    expect(first.headers.get('inlet-outcome')).toBe('accepted');
    ids.add(idOf(first));
    for (const { what, request } of [...headerVariants(genuine), ...urlVariants(genuine)]) {
      if (OF_THE_CLIENT.some((header) => what.startsWith(header))) continue;
      const proof = { request, secrets: [secret], options, now: NOW };
      if (!(await verifyRequest(pack, proof)).ok) continue;
      const path = what.startsWith('query') ? '?attempt=2' : request.subpath;
      const answer = await post(name, request.body, request.headers, path);
      expect([what, answer.status]).toEqual([what, first.status]);
      ids.add(idOf(answer));
    }
  }
  for (const id of ids) await detailOf(name, id);
  const own = [...runs].filter(([key]) => key.startsWith(`${name} `));
  expect(own.filter(([, times]) => times > 1)).toEqual([]);
  expect(own).toHaveLength(ids.size);
  if (pack.events.unsignedType === undefined) expect(own).toHaveLength(1);
});

test('what came again under other ids is counted, a retry under the same one is not', async () => {
  const body = JSON.stringify({ action: 'closed', issue: { id: 1 } });
  const pack = packOf('github');
  const request = { ...(await provenSample(pack, { type: 'issues', body: () => body }, { seed: 1 })) };
  const sent = async (delivery: string) => {
    const headers = { ...request.headers, 'x-github-event': 'issues', 'x-github-delivery': delivery };
    const answer = await post('github', request.body, headers);
    return { outcome: answer.headers.get('inlet-outcome'), id: idOf(answer) };
  };
  const { outcome, id } = await sent('d0');
  expect(outcome).toBe('accepted');
  expect(await detailOf('github', id)).toMatchObject({ repeats: 0, deliveries: [] });
  for (const delivery of ['d0', 'd1', 'd1', 'd2', 'd3', 'd4', 'd5', 'd6', 'd0']) {
    expect(await sent(delivery)).toEqual({ outcome: 'duplicate', id });
  }
  expect(await detailOf('github', id)).toMatchObject({
    repeats: 6,
    deliveries: ['d2', 'd3', 'd4', 'd5', 'd6'],
  });
});
