import type { Source } from '../functions/config/sources.ts';
import { Header } from '../functions/core/names.ts';
import type { WebhookRequest } from '../functions/pack/request.ts';
import type { Setup } from '../functions/setup/setup.ts';
import { proveRequest } from '../functions/verification/verify.ts';
import type { Draft } from './samples.ts';

/** The answer to a webhook. `delivery`: `<source>/<id>`. */
export interface Posted {
  readonly status: number;
  readonly outcome: string | null;
  readonly delivery: string | null;
}

const TIMEOUT_MS = 15_000;

/**
 * Signs a webhook as its provider would, with the source's own secret, and sends it to the local server.
 * @param alter what becomes of the request once it is signed.
 */
export async function postDraft(
  setup: Pick<Setup, 'config' | 'secrets' | 'now'>,
  { provider, options, name }: Source,
  { subpath, headers, body }: Draft,
  origin: string,
  alter: (request: WebhookRequest) => WebhookRequest = (request) => request,
): Promise<Posted> {
  const path = `/webhooks/${encodeURIComponent(name)}${subpath}`;
  const [secret = ''] = await setup.secrets.get(name);
  const now = setup.now();
  const unsigned: WebhookRequest = {
    method: 'POST',
    url: `${setup.config.publicUrl ?? origin}${path}`,
    subpath,
    headers,
    body,
    receivedAt: now,
  };
  const request = alter(await proveRequest(provider, { request: unsigned, secret, options, now }));
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
    delivery: response.headers.get(Header.delivery),
  };
}
