import { ApiError } from '../functions/api/api-error.ts';
import { type Source, Sources } from '../functions/config/sources.ts';
import type { Producer } from '../functions/console/produce.ts';
import type { Produced, ProduceRequest } from '../functions/console/types.ts';
import { Header } from '../functions/core/names.ts';
import { describeDelivery } from '../functions/facts/describe.ts';
import type { WebhookRequest } from '../functions/pack/request.ts';
import { providers } from '../functions/providers/index.ts';
import type { Setup } from '../functions/setup/setup.ts';
import { credentialHeaders, proveRequest, schemeOf } from '../functions/verification/verify.ts';
import { seededRandom, shuffled } from './random.ts';
import { randomTasks } from './random-task.ts';
import { type Draft, drafts } from './samples.ts';

const TIMEOUT_MS = 15_000;
/** How often a story tells each revision: repeats arrive in real life, too. */
const STORY_REPEAT = 2;

/**
 * The console's producer. It signs with the secrets of the local server and sends over HTTP, so that a sample takes
 * the whole way of a webhook. A deployed console has none: it is not given the secrets.
 * @param origin where the local server listens.
 */
export function createProducer(setup: Setup, origin: string): Producer {
  const sources = new Sources(setup.config, providers);

  return {
    samples: () =>
      sources.all.map(({ name, provider }) => ({
        source: name,
        title: provider.title,
        types: [...new Set(provider.samples.map(({ type }) => type))],
      })),
    async send(request) {
      const source = sources.get(request.source);
      if (!source) throw new ApiError(400, `source: there is no "${request.source}"`);
      const sent: Produced[] = [];
      for (const draft of await draftsOf(source, request)) {
        sent.push(await sendOne(setup, source, draft, origin, request.forge));
      }
      return sent;
    },
  };
}

async function draftsOf(
  source: Source,
  { type, count, seed, story }: ProduceRequest,
): Promise<readonly Draft[]> {
  const { provider } = source;
  if (provider.name === 'tasks') return randomTasks(seed, count);
  // One seed is one subject; all samples of it are all that happens to it.
  const options = story
    ? { count: provider.samples.length, repeat: STORY_REPEAT, shuffle: true, seed }
    : { count, repeat: 1, shuffle: false, seed, type };
  if (provider.samples.length === 0) throw new ApiError(400, `${provider.title} has no samples`);
  if (!story && type !== undefined && !provider.samples.some((sample) => sample.type === type)) {
    throw new ApiError(400, `type: ${provider.title} has no sample of ${type}`);
  }
  const chosen = drafts(provider, options);
  return story ? shuffled(chosen, seededRandom(seed + 1)) : chosen;
}

async function sendOne(
  setup: Setup,
  source: Source,
  draft: Draft,
  origin: string,
  forge: boolean,
): Promise<Produced> {
  const { provider, options, name } = source;
  const path = `/webhooks/${encodeURIComponent(name)}${draft.subpath}`;
  const [secret = ''] = await setup.secrets.get(name);
  const unsigned: WebhookRequest = {
    method: 'POST',
    url: `${setup.config.publicUrl ?? origin}${path}`,
    subpath: draft.subpath,
    headers: { 'user-agent': 'inlet-console', ...draft.headers },
    body: draft.body,
    receivedAt: setup.now(),
  };
  const signed = await proveRequest(provider, { request: unsigned, secret, options, now: setup.now() });
  const request = forge ? forged(source, signed) : signed;
  const address = new URL(path, origin);
  address.search = new URL(request.url).search;
  const response = await fetch(address, {
    method: 'POST',
    headers: { ...request.headers },
    body: new Uint8Array(request.body),
    redirect: 'manual',
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  await response.arrayBuffer();
  return {
    status: response.status,
    outcome: response.headers.get(Header.outcome),
    ...describeDraft(source, draft),
  };
}

/** The request with its proof spoilt: the last character of each credential, and a byte more. */
function forged(source: Source, request: WebhookRequest): WebhookRequest {
  const credentials = credentialHeaders(schemeOf(source.provider, source.options));
  const headers = Object.entries(request.headers).map(([name, value]) =>
    credentials.includes(name)
      ? [name, `${value.slice(0, -1)}${value.endsWith('0') ? '1' : '0'}`]
      : [name, value],
  );
  return {
    ...request,
    headers: Object.fromEntries(headers),
    body: Buffer.concat([request.body, Buffer.from(' ')]),
  };
}

function describeDraft(source: Source, draft: Draft) {
  const delivery = describeDelivery(source, { ...draft, receivedAt: Date.now() });
  const facts = delivery.kind === 'event' ? delivery.facts : undefined;
  const text = draft.body.toString('utf8');
  return {
    type: facts?.type ?? draft.type,
    id: facts?.id ?? null,
    subject: facts && facts.subject !== facts.id ? facts.subject : null,
    revision: facts && facts.subject !== facts.id ? facts.revision : null,
    summary: text.length > 160 ? `${text.slice(0, 160).toWellFormed()}…` : text,
  };
}
