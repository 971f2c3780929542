/** What a pack lacks, in sentences that say what to do. An empty list means that the pack is complete. */
import { existsSync } from 'node:fs';
import type { EventFacts } from '../../../functions/core/facts.ts';
import { type Carrier, describeDelivery, describeItem } from '../../../functions/facts/describe.ts';
import { redactBody } from '../../../functions/facts/redact.ts';
import { storedHeaders } from '../../../functions/ingest/stored-headers.ts';
import type { Provider, Sample } from '../../../functions/pack/provider.ts';
import type { WebhookRequest } from '../../../functions/pack/request.ts';
import { stringifyJson } from '../../../functions/parsing/json.ts';
import {
  answerHandshake,
  credentialHeaders,
  rehearsal,
  schemeOf,
  verifyRequest,
} from '../../../functions/verification/verify.ts';
import { handshakePart, handshakeRequests, onlyTheProvider } from './handshake-requests.ts';
import { bareRequest, NOW, provenSample, type Stand, standFor } from './sample-request.ts';

/** The demo's producer is described nowhere. */
const WITHOUT_DOCUMENTATION = ['tasks'];

/** Ids that the engine makes up, epoch times, lists of header names. */
const HARMLESS = /^msg_[0-9a-f]+$|^\d{1,16}$|^[a-z0-9-]+(,[a-z0-9-]+)+$/;

/** Another secret of the same form: one letter or digit in the middle differs. */
function otherSecret(secret: string): string {
  const at = [...secret].findIndex((letter, index) => index >= secret.length / 2 && /[a-z0-9]/i.test(letter));
  return `${secret.slice(0, at)}${secret[at] === 'a' ? 'b' : 'a'}${secret.slice(at + 1)}`;
}

type Lacks = string[];

export async function lacksOf(pack: Provider, docs: string): Promise<readonly string[]> {
  const lacks: Lacks = [];
  describe(pack, docs, lacks);
  options(pack, lacks);
  const stand = standFor(pack);
  if (stand.canSign) {
    await samples(pack, stand, lacks);
  } else if (pack.samples.length > 0) {
    lacks.push('samples: only the provider can sign, so nobody could send them; remove them or write sign');
  }
  await handshakes(pack, stand, lacks);
  return lacks;
}

function describe(pack: Provider, docs: string, lacks: Lacks): void {
  const need = (holds: unknown, lack: string) => void (holds || lacks.push(lack));
  need(/^[a-z0-9]+(-[a-z0-9]+)*$/.test(pack.name), 'name: write it in lower-case kebab-case');
  const file = new URL(`../../../functions/providers/${pack.name}.ts`, import.meta.url);
  need(existsSync(file), `name: the file has to be functions/providers/${pack.name}.ts`);
  need(pack.title.trim(), 'title: is empty');
  const pages = WITHOUT_DOCUMENTATION.includes(pack.name) || pack.documentation.length > 0;
  need(pages, 'documentation: name a page that the facts come from');
  need(
    pack.documentation.every((page) => /^https:\/\/[^\s]+$/.test(page)),
    'documentation: every page has to be an https:// address',
  );
  need(pack.secret.description.trim(), 'secret.description: say where the operator finds it');
  need(pack.retries.schedule.trim(), 'retries.schedule: is empty');
  need(
    pack.registration?.some((sentence) => sentence.includes('{url}')),
    'registration: say where {url} is entered',
  );
  const status = pack.acknowledge?.status ?? 202;
  need(status >= 200 && status <= 299, 'acknowledge.status: has to be 2xx');
  need(pack.unverified === undefined || pack.unverified.trim(), 'unverified: leave it out when nothing is');
  need(
    docs.includes(`| \`${pack.name}\` |`),
    'docs/providers.md: has no line for it; run "npm run docs:providers"',
  );
}

function options(pack: Provider, lacks: Lacks): void {
  for (const [name, rule] of Object.entries(pack.options ?? {})) {
    if (!rule.description.trim()) lacks.push(`options.${name}.description: is empty`);
    if (!rule.required) continue;
    const problem =
      rule.example === undefined ? 'is missing' : rule.check?.(rule.example, standFor(pack).options);
    if (problem) lacks.push(`options.${name}.example: ${problem}`);
  }
}

async function samples(pack: Provider, stand: Stand, lacks: Lacks): Promise<void> {
  if (pack.samples.length === 0) lacks.push('samples: write at least one');
  if (!stand.withoutSecret) {
    const problem = stand.secret === '' ? 'is empty' : pack.secret.check?.(stand.secret);
    if (problem) lacks.push(`secret.development: ${problem}`);
  }
  const ids = new Map<string, string>();
  for (const sample of pack.samples) {
    const at = `samples ${sample.type}`;
    if (new Set([sample.body(1), sample.body(1)]).size > 1)
      lacks.push(`${at}: the same seed gives different bodies`);
    for (const seed of [1, 2]) {
      for (const { id } of await oneSample(pack, sample, seed, stand, lacks)) {
        const other = ids.get(id);
        if (other !== undefined) lacks.push(`${at}: seed ${seed} has the id of ${other}`);
        ids.set(id, `${at}, seed ${seed}`);
      }
    }
  }
}

async function oneSample(
  pack: Provider,
  sample: Sample,
  seed: number,
  stand: Stand,
  lacks: Lacks,
): Promise<readonly EventFacts[]> {
  const at = `samples ${sample.type}`;
  const { options, secret } = stand;
  const bare = await provenSample(pack, sample, { seed, stand });
  const secrets = stand.withoutSecret ? [] : [secret];
  const verdict = await verifyRequest(pack, { request: bare, secrets, options, now: NOW });
  // As ingest hands it on, and the worker keeps the id that it had.
  const request = { ...bare, proofId: verdict.ok ? verdict.proofId : undefined };
  if (!verdict.ok)
    lacks.push(`${at}: is refused though signed by the pack itself: ${verdict.reason} ${verdict.hint ?? ''}`);
  const wrong = stand.withoutSecret
    ? undefined
    : await verifyRequest(pack, { request, secrets: [otherSecret(secret)], options, now: NOW });
  if (wrong?.ok) lacks.push(`${at}: is accepted under another secret`);
  const none = stand.withoutSecret
    ? undefined
    : await verifyRequest(pack, { request, secrets: [], options, now: NOW });
  if (none?.ok || (none && none.reason !== 'secret-missing'))
    lacks.push(`${at}: without a secret the reason has to be secret-missing`);

  const facts = factsOf(pack, request, stand);
  if (facts.length === 0) lacks.push(`${at}: carries no event`);
  if (facts.some(({ type }) => !type)) lacks.push(`${at}: has no type`);
  const unreadable = facts.find(({ quarantine }) => quarantine);
  if (unreadable) lacks.push(`${at}: cannot be read: ${unreadable.quarantine}`);
  const ids = (list: readonly EventFacts[]) => list.map(({ id }) => id).join();
  const now = NOW + 60_000;
  const again = await provenSample(pack, sample, { seed, stand, now });
  const held = await verifyRequest(pack, { request: again, secrets, options, now });
  const proofId = held.ok ? held.proofId : undefined;
  if (ids(factsOf(pack, { ...again, proofId }, stand)) !== ids(facts))
    lacks.push(`${at}: the id changes from one attempt to the next`);

  const stored = stripped(pack, request, stand);
  if (ids(factsOf(pack, { ...request, headers: stored }, stand)) !== ids(facts)) {
    lacks.push(`${at}: the id is read from a header that is never stored`);
  }
  for (const name of lookedAt(pack, request, stand)) {
    const proves = credentialHeaders(schemeOf(pack, options)).includes(name);
    if (!proves && Object.keys(stripped(pack, { ...request, headers: { [name]: 'x' } }, stand)).length === 0)
      lacks.push(`${at}: a function reads the header ${name}, which is not kept: name it in eventHeaders`);
  }
  const given = Object.keys(sample.headers ?? {});
  const proofs = Object.entries(request.headers).filter(([name]) => !given.includes(name));
  for (const [name, value] of proofs) {
    // Ids and times are signed, too, but nobody can speak in the provider's name with them.
    const harmless = HARMLESS.test(value) || !Number.isNaN(Date.parse(value)) || value.length < 12;
    if (!harmless && stored[name] !== undefined)
      lacks.push(`${at}: the header ${name} carries a proof and is stored`);
  }
  if (!stand.withoutSecret && Object.values(stored).some((value) => value.includes(secret)))
    lacks.push(`${at}: the secret is stored`);
  lacks.push(...lacksOfStoredBody(pack, request, stand, facts).map((lack) => `${at}: ${lack}`));
  return facts;
}

/** What goes onto the queue is the body without its credentials, and the worker reads that. */
function lacksOfStoredBody(
  pack: Provider,
  request: Carrier,
  stand: Stand,
  facts: readonly EventFacts[],
): readonly string[] {
  const body = redactBody(pack, request.body);
  const known = (list: readonly EventFacts[]) => JSON.stringify(list.map(({ payload: _, ...fact }) => fact));
  return [
    ...(!stand.withoutSecret && body.includes(stand.secret)
      ? ['the secret stands in the body: name its path in bodyCredentials']
      : []),
    ...(known(factsOf(pack, { ...request, body }, stand)) === known(facts)
      ? []
      : ['facts are read from bodyCredentials, which the worker does not see']),
  ];
}

function stripped(
  pack: Provider,
  request: WebhookRequest,
  { options }: Stand,
): Readonly<Record<string, string>> {
  return storedHeaders(
    { provider: pack, config: { provider: pack.name, options }, options },
    request.headers,
  );
}

/** Names of the headers that are looked at to read the events of a request, whether it has them or not. */
function lookedAt(pack: Provider, request: WebhookRequest, stand: Stand): ReadonlySet<string> {
  const names = new Set<string>();
  const look = (name: string | symbol) => void (typeof name === 'string' && names.add(name));
  const headers = new Proxy(request.headers, {
    get: (target, name) => {
      look(name);
      return Reflect.get(target, name);
    },
    getOwnPropertyDescriptor: (target, name) => {
      look(name);
      return Reflect.getOwnPropertyDescriptor(target, name);
    },
  });
  // Unsigned, so that its fields are handed these headers themselves and no copy of those that are covered.
  factsOf({ ...pack, verification: { kind: 'unsigned' } }, { ...request, headers }, stand);
  return names;
}

/** The facts of every event, read as the worker reads them. */
export function factsOf(provider: Provider, request: Carrier, { options }: Stand): readonly EventFacts[] {
  const rules = { provider, config: { provider: provider.name, options } };
  const delivery = describeDelivery(rules, request);
  if (delivery.kind === 'none') return [];
  if (delivery.kind === 'event') return [delivery.facts];
  return delivery.items.map((item) =>
    describeItem(rules, { ...request, body: Buffer.from(stringifyJson(item)) }),
  );
}

async function handshakes(pack: Provider, stand: Stand, lacks: Lacks): Promise<void> {
  const declared = pack.handshakes ?? [];
  if (onlyTheProvider.includes(pack.name)) return;
  const requests = handshakeRequests[pack.name] ?? [];
  if (declared.length !== requests.length) {
    lacks.push(
      `handshakes: ${declared.length} declared, ${requests.length} in test/unit/providers/handshake-requests.ts`,
    );
  }
  for (const example of requests) {
    const context = {
      request: bareRequest(handshakePart(example)),
      options: { ...stand.options, ...example.options },
      secrets: [stand.secret],
      secret: stand.secret,
    };
    const whens = ['before', 'after'] as const;
    const answers = await Promise.all(whens.map((when) => answerHandshake(pack, context, when, rehearsal)));
    const answer = answers.find((found) => found !== undefined);
    const { status, body, headers = {} } = example.answer;
    const fits =
      answer?.status === status &&
      (body === undefined ||
        (typeof body === 'string' ? answer.body === body : body.test(answer.body ?? ''))) &&
      Object.entries(headers).every(([name, value]) => answer.headers?.[name] === value);
    if (!fits) lacks.push(`handshakes: ${example.method} is answered with ${JSON.stringify(answer)}`);
  }
}
