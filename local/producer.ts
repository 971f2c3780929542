import { ApiError } from '../functions/api/api-error.ts';
import { type Source, Sources } from '../functions/config/sources.ts';
import type { Producer } from '../functions/console/produce.ts';
import type { Produced, ProduceRequest } from '../functions/console/types.ts';
import { describeDelivery } from '../functions/facts/describe.ts';
import type { WebhookRequest } from '../functions/pack/request.ts';
import { providers } from '../functions/providers/index.ts';
import type { Setup } from '../functions/setup/setup.ts';
import { credentialHeaders, schemeOf } from '../functions/verification/verify.ts';
import { postDraft } from './post-draft.ts';
import { seededRandom, shuffled } from './random.ts';
import { randomTasks } from './random-task.ts';
import { type Draft, drafts } from './samples.ts';

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
  const headers = { 'user-agent': 'inlet-console', ...draft.headers };
  const { status, outcome } = await postDraft(setup, source, { ...draft, headers }, origin, (signed) =>
    forge ? forged(source, signed) : signed,
  );
  return { status, outcome, ...describeDraft(source, draft) };
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
