import type { ProviderOptions, WebhookRequest } from '../../../functions/pack/request.ts';
import type { Verdict, Verification } from '../../../functions/pack/scheme.ts';
import { proveRequest, verifyRequest } from '../../../functions/verification/verify.ts';
import { NOW, packOf } from './request.ts';

export const NOW_MS = NOW * 1000;
export const SOURCE_URL = 'https://hooks.example.com/webhooks/source';

/** A request for schemes that look at more than headers and a text: method, URL, bytes. */
export interface Sent {
  readonly method?: string;
  readonly url?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

export interface Circumstances {
  readonly secrets?: readonly string[];
  readonly options?: ProviderOptions;
  /** Seconds between the time at which the request was signed and the time at which it is judged. */
  readonly late?: number;
}

export function requestFrom({
  method = 'POST',
  url = SOURCE_URL,
  headers = {},
  body = '',
}: Sent): WebhookRequest {
  return { method, url, subpath: '', headers, body: Buffer.from(body), receivedAt: NOW_MS };
}

export function judge(
  scheme: Verification,
  sent: Sent,
  { secrets = ['secret'], options = {}, late = 0 }: Circumstances = {},
): Promise<Verdict> {
  const context = { request: requestFrom(sent), secrets, options, now: NOW_MS + late * 1000 };
  return verifyRequest(packOf(scheme), context);
}

/** The whole request as the provider would send it. */
export async function proven(
  scheme: Verification,
  sent: Sent,
  secret = 'secret',
  options: ProviderOptions = {},
): Promise<WebhookRequest> {
  const context = { request: requestFrom(sent), secret, options, now: NOW_MS };
  return proveRequest(packOf(scheme), context);
}

/** A refusal with nothing beside its reason and this hint. */
export const refusal = (reason: string, hint?: string) => ({
  ok: false,
  reason,
  ...(hint !== undefined && { hint }),
});
