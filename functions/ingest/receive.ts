/** One webhook, from its bytes to the queue: verify → claim → enqueue → confirm → answer. */
import { isToConfirm } from '../config/mode.ts';
import type { Source } from '../config/sources.ts';
import type { Envelope } from '../core/envelope.ts';
import { errorName } from '../core/errors.ts';
import type { Format } from '../core/format.ts';
import type { Logger, LogLine } from '../core/log.ts';
import { MAX_BODY_BYTES } from '../core/names.ts';
import { placeOf } from '../core/place.ts';
import { type Delivery, describeDelivery } from '../facts/describe.ts';
import { redactBody } from '../facts/redact.ts';
import type { Provider } from '../pack/provider.ts';
import type { WebhookRequest } from '../pack/request.ts';
import type { Refusal } from '../pack/scheme.ts';
import type { SecretStore } from '../secrets/secret-store.ts';
import type { Inbox } from '../store/inbox.ts';
import { accept } from '../store/ledger/accept.ts';
import type { NewEntry } from '../store/ledger/entry.ts';
import type { Claim, Ledger } from '../store/ledger/ledger.ts';
import { schemeOf, verifyRequest } from '../verification/verify.ts';
import { acceptEmpty } from './accept-empty.ts';
import { answer, deliveryHeader, type GatewayAnswer, refuse, unavailable, withoutBody } from './answer.ts';
import { Deadline } from './deadline.ts';
import { answerInTime, handshakeActions } from './handshake.ts';
import { storedHeaders } from './stored-headers.ts';

export interface Receiver {
  readonly ledger: Ledger;
  readonly inbox: Inbox;
  readonly secrets: SecretStore;
  readonly log: Logger;
  readonly now: () => number;
}

/** The answer, and what the log line says about it. */
export interface Received {
  readonly answer: GatewayAnswer;
  readonly line: LogLine;
}

/** Answers one request to a source. Never throws for anything that a request contains. */
export async function receive(
  receiver: Receiver,
  source: Source,
  request: WebhookRequest,
): Promise<Received> {
  if (request.body.length > MAX_BODY_BYTES) {
    return {
      answer: refuse(413, 'The body is larger than 6 MB: send less in one request.'),
      line: { reason: 'too-large' },
    };
  }
  const deadline = new Deadline();
  const { provider, options } = source;
  let claimed: Claim | undefined;
  const onClaim = (claim: Claim) => {
    claimed = claim;
  };
  try {
    let secrets = await liveSecrets(receiver, source, request.method, deadline);
    let context = { request, secrets, options };
    const inTime = deadline.handshake();
    const actions = handshakeActions(receiver, source.name, inTime);
    const opening = await answerInTime(provider, context, 'before', actions, inTime);
    if (opening) return { answer: opening, line: { handshake: true } };
    if (request.method !== 'POST') return { answer: readyPage(source.name), line: {} };

    let verdict = await verifyRequest(provider, { ...context, now: receiver.now() });
    if (!verdict.ok && verdict.reason === 'signature-mismatch') {
      const changed = await receiver.secrets.refresh?.(source.name, deadline.secrets());
      if (changed) {
        secrets = changed;
        context = { request, secrets, options };
        verdict = await verifyRequest(provider, { ...context, now: receiver.now() });
      }
    }
    if (!verdict.ok && OPERATOR_FAULTS.includes(verdict.reason)) {
      return { answer: unavailable(), line: { reason: verdict.reason } };
    }
    if (!verdict.ok) {
      return { answer: unproven(provider), line: { reason: verdict.reason } };
    }
    // Every byte of these lines costs $0.50 per million: what is usual is left out.
    const line = { secret: verdict.secret || undefined };
    const proven = { ...context, secret: secrets[verdict.secret ?? -1] };
    const greeting = await answerInTime(provider, proven, 'after', actions, inTime);
    if (greeting) return { answer: greeting, line };

    const delivery = describeDelivery(source, { ...request, proofId: verdict.proofId });
    const acknowledgement = provider.acknowledge ?? { status: 202 };
    const { entry, envelope } = intake(source, request, delivery, receiver.ledger.format);
    if (provider.oneEventPerProof && verdict.proofId !== undefined) {
      const binding = { source: source.name, proofId: verdict.proofId, id: entry.id };
      if (!(await receiver.ledger.bind(binding, deadline.claim()))) {
        return { answer: unproven(provider), line: { ...line, reason: 'proof-reused' } };
      }
    }
    const outcome =
      delivery.kind === 'none'
        ? await acceptEmpty(receiver, entry, deadline, onClaim)
        : await accept(receiver, entry, envelope, isToConfirm(source.config, entry.place), deadline, onClaim);
    return {
      answer: answer(outcome, acknowledgement, deliveryHeader(source.name, entry.id)),
      line: { ...line, id: entry.id, events: entry.events, ...claimLine(outcome, claimed) },
    };
  } catch (error) {
    return {
      answer: unavailable(),
      line: { reason: errorName(error), ...claimLine('unavailable', claimed) },
    };
  }
}

function unproven({ refusesWithoutBody }: Provider): GatewayAnswer {
  const message =
    'Not accepted: the request does not prove where it comes from. Check the secret of this source.';
  const refusal = refuse(401, message);
  return refusesWithoutBody ? withoutBody(refusal) : refusal;
}

/**
 * Which lines stand for an entry that was not there: those of what was accepted, unless they say `again`, and those of
 * what was refused, where they say `new`. `inlet audit --counted` compares their number with the entries.
 */
function claimLine(outcome: string, claim: Claim | undefined): LogLine {
  if (outcome === 'accepted') return claim === 'unconfirmed' ? { claim: 'again' } : {};
  return outcome === 'unavailable' && claim === 'new' ? { claim } : {};
}

/**
 * Refusals that are not the sender's fault. The request may be genuine, so the provider is asked to come again:
 * after a 401 many never do.
 */
const OPERATOR_FAULTS: readonly Refusal[] = ['secret-missing', 'secret-malformed', 'key-unavailable'];

/** Secrets are fetched only for requests that need them: a page view costs no call. */
async function liveSecrets(
  { secrets }: Receiver,
  { name, provider, options }: Source,
  method: string,
  deadline: Deadline,
): Promise<readonly string[]> {
  const scheme = schemeOf(provider, options);
  const withoutSecret = scheme.kind === 'unsigned' || (scheme.kind === 'custom' && scheme.withoutSecret);
  const needed = provider.handshakes?.some((handshake) => handshake.method === method);
  return needed || (method === 'POST' && !withoutSecret) ? secrets.get(name, deadline.secrets()) : [];
}

/** What goes into the ledger and onto the queue. */
function intake(
  source: Source,
  request: WebhookRequest,
  delivery: Delivery,
  format: Format,
): { readonly entry: NewEntry; readonly envelope: Envelope } {
  const isEvent = delivery.kind === 'event';
  const id = isEvent ? delivery.facts.id : delivery.id;
  const kind = isEvent ? 'event' : 'batch';
  const common = { source: source.name, id, kind, receivedAt: request.receivedAt } as const;
  const place = isEvent ? placeOf(delivery.facts, format) : undefined;
  const envelope: Envelope = {
    ...common,
    headers: storedHeaders(source, request.headers),
    subpath: request.subpath,
    body: redactBody(source.provider, request.body).toString('base64'),
    ...(place && { place }),
  };
  const events = delivery.kind === 'batch' ? delivery.items.length : 0;
  if (!isEvent) return { entry: { ...common, events }, envelope };
  return { entry: { ...common, facts: delivery.facts, place }, envelope };
}

function readyPage(source: string): GatewayAnswer {
  const text = `This endpoint is ready. Webhooks for "${source}" are accepted here by POST.\n`;
  return answer('handshake', {
    status: 200,
    headers: { 'content-type': 'text/plain; charset=utf-8' },
    body: text,
  });
}
