import type { EventFacts } from '../functions/core/facts.ts';
import { describeDelivery, describeEvent } from '../functions/facts/describe.ts';
import { revisionToJson } from '../functions/facts/revision.ts';
import type { Provider } from '../functions/pack/provider.ts';
import type { Answer } from '../functions/pack/request.ts';
import { providers } from '../functions/providers/index.ts';
import { answerHandshake, rehearsal, verifyRequest } from '../functions/verification/verify.ts';
import { explainRefusal } from './explain.ts';
import type { Row } from './verify-row.ts';

/** One answer of `inlet verify`, as the contract has it. */
export interface Judgement {
  readonly ok: boolean;
  /** Null when ok, else what is wrong and what to do. */
  readonly reason: string | null;
  readonly events: readonly JudgedEvent[];
  readonly handshake: JudgedHandshake | null;
}

export interface JudgedEvent {
  readonly id: string;
  readonly type: string | null;
  readonly subject: string;
  readonly revision: number | string;
}

export interface JudgedHandshake {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Judges a captured request in the steps that ingest takes, without any effect. */
export async function judge(row: Row): Promise<Judgement> {
  try {
    return await judgeRequest(row);
  } catch (error) {
    // A pack whose options make no sense. The configuration of a source is checked before; a row is not.
    const problem = error instanceof Error ? error.message : String(error);
    return refused(`cannot be checked: ${problem}`);
  }
}

async function judgeRequest(row: Row): Promise<Judgement> {
  const provider = Object.hasOwn(providers, row.provider) ? providers[row.provider] : undefined;
  if (!provider) {
    return refused(`unknown provider "${row.provider}"; known: ${Object.keys(providers).sort().join(', ')}`);
  }
  const { request } = row;
  const opening = await answerHandshake(provider, row, 'before', rehearsal);
  if (opening) return greeted(opening);
  if (request.method !== 'POST') {
    return refused(
      `${request.method} carries no event, and it is no handshake of ${provider.title}: events are sent by POST`,
    );
  }
  const verdict = await verifyRequest(provider, row);
  if (!verdict.ok) return refused(await explainRefusal(provider, row, verdict));
  const proven = { ...row, secret: row.secrets[verdict.secret ?? -1] };
  const greeting = await answerHandshake(provider, proven, 'after', rehearsal);
  if (greeting) return greeted(greeting);
  return { ok: true, reason: null, events: eventsOf(provider, row, verdict.proofId), handshake: null };
}

function refused(reason: string): Judgement {
  return { ok: false, reason, events: [], handshake: null };
}

function greeted({ status, headers = {}, body = '' }: Answer): Judgement {
  const ok = status < 400;
  const reason = ok ? null : `the handshake is refused with ${status}${body ? `: ${body}` : ''}`;
  return { ok, reason, events: [], handshake: { status, headers, body } };
}

function eventsOf(
  provider: Provider,
  { options, request }: Row,
  proofId: string | undefined,
): readonly JudgedEvent[] {
  const rules = { provider, config: { provider: provider.name, options } };
  const delivery = describeDelivery(rules, { ...request, proofId });
  if (delivery.kind === 'none') return [];
  if (delivery.kind === 'event') return [judged(delivery.facts)];
  return delivery.items.map((item) => judged(describeEvent(rules, item, request)));
}

function judged({ id, type, subject, revision }: EventFacts): JudgedEvent {
  return { id, type: type ?? null, subject, revision: revisionToJson(revision) };
}
