import type { EventFacts } from '../../../functions/core/facts.ts';
import type { Provider } from '../../../functions/pack/provider.ts';
import type { ProviderOptions, WebhookRequest } from '../../../functions/pack/request.ts';
import type { Verdict } from '../../../functions/pack/scheme.ts';
import { providers } from '../../../functions/providers/index.ts';
import { answerHandshake, rehearsal, verifyRequest } from '../../../functions/verification/verify.ts';
import { factsOf } from './pack-lacks.ts';
import { bareRequest, NOW, standFor, URL_OF_SAMPLES } from './sample-request.ts';

/** A pack by its name. */
export function packOf(name: string): Provider {
  const pack = providers[name];
  if (!pack) throw new TypeError(`no pack ${name}`);
  return pack;
}

interface Given {
  readonly method?: string;
  readonly query?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

/** A request without any proof but the one that is given. */
export function requestOf({ method = 'POST', query, headers = {}, body = '' }: Given): WebhookRequest {
  return bareRequest({
    method,
    url: query ? `${URL_OF_SAMPLES}?${query}` : URL_OF_SAMPLES,
    headers,
    body: Buffer.from(body),
  });
}

export function verdictOf(
  name: string,
  given: Given,
  {
    secrets,
    options = {},
    now = NOW,
  }: { secrets?: readonly string[]; options?: ProviderOptions; now?: number } = {},
): Promise<Verdict> {
  const pack = packOf(name);
  const own = secrets ?? [pack.secret.development];
  return verifyRequest(pack, { request: requestOf(given), secrets: own, options, now });
}

export function answerTo(
  name: string,
  when: 'before' | 'after',
  given: Given,
  options: ProviderOptions = {},
  secrets?: readonly string[],
) {
  const pack = packOf(name);
  const own = secrets ?? [pack.secret.development];
  const context = {
    request: requestOf(given),
    secrets: own,
    options,
    ...(own[0] !== undefined && { secret: own[0] }),
  };
  return answerHandshake(pack, context, when, rehearsal);
}

/** The events of a body, as JSON or as it is. */
export function eventsIn(
  name: string,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
  /** The gateway's. */
  requestId?: string,
): readonly EventFacts[] {
  const pack = packOf(name);
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const given = { 'content-type': 'application/json', ...headers };
  const request = requestOf({ headers: given, body: text });
  return factsOf(pack, { ...request, ...(requestId !== undefined && { requestId }) }, standFor(pack));
}

export const idsIn = (...given: Parameters<typeof eventsIn>) => eventsIn(...given).map(({ id }) => id);
