import type { EventFacts } from '../../../functions/core/facts.ts';
import { describeDelivery } from '../../../functions/facts/describe.ts';
import type { Provider } from '../../../functions/pack/provider.ts';
import type { WebhookRequest } from '../../../functions/pack/request.ts';
import { providers } from '../../../functions/providers/index.ts';
import {
  answerHandshake,
  proveRequest,
  rehearsal,
  verifyRequest,
} from '../../../functions/verification/verify.ts';

export const NOW = Date.UTC(2026, 0, 1, 0, 5);
const URL_OF_SOURCE = 'https://hooks.example.com/webhooks/source';

export function pack(name: string): Provider {
  const found = providers[name];
  if (!found) throw new TypeError(`no pack ${name}`);
  return found;
}

export function request(change: Partial<WebhookRequest> & { readonly text?: string } = {}): WebhookRequest {
  const { text, ...rest } = change;
  const body = Buffer.from(text ?? '');
  return { method: 'POST', url: URL_OF_SOURCE, subpath: '', headers: {}, body, receivedAt: NOW, ...rest };
}

/** Signed as the provider would, with the development secret. */
export function proven(name: string, unsigned: WebhookRequest, options = {}): Promise<WebhookRequest> {
  const provider = pack(name);
  return proveRequest(provider, {
    request: unsigned,
    secret: provider.secret.development,
    options,
    now: NOW,
  });
}

export function verdictOf(
  name: string,
  given: WebhookRequest,
  more: { secrets?: readonly string[]; options?: object; now?: number } = {},
) {
  const provider = pack(name);
  const { secrets = [provider.secret.development], options = {}, now = NOW } = more;
  return verifyRequest(provider, { request: given, secrets, options: { ...options }, now });
}

export function handshake(name: string, given: WebhookRequest, when: 'before' | 'after') {
  const provider = pack(name);
  const context = { request: given, secrets: [provider.secret.development], options: {} };
  return answerHandshake(provider, context, when, rehearsal);
}

/** The events of a request, as worker and `inlet verify` read them. */
export function eventsOf(
  name: string,
  given: WebhookRequest & { readonly proofId?: string | undefined },
): readonly EventFacts[] {
  const rules = { provider: pack(name), config: { provider: name } };
  const delivery = describeDelivery(rules, given);
  if (delivery.kind === 'none') return [];
  if (delivery.kind === 'event') return [delivery.facts];
  return delivery.items.map((item) => {
    // One item of a list by itself: a list of one is read the same way.
    const single = { ...rules.provider, events: { ...rules.provider.events, split: () => [item] } };
    const facts = describeDelivery({ ...rules, provider: single }, given);
    if (facts.kind !== 'event') throw new TypeError('one item is one event');
    return facts.facts;
  });
}
