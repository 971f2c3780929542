/** Requests as a provider would send them, made from a pack's own samples. */
import type { Provider, Sample } from '../../../functions/pack/provider.ts';
import type { ProviderOptions, WebhookRequest } from '../../../functions/pack/request.ts';
import { proveRequest, schemeOf } from '../../../functions/verification/verify.ts';
import { developmentKeys } from '../../../local/development-keys.ts';

export const NOW = Date.parse('2026-01-01T12:00:00Z');
export const URL_OF_SAMPLES = 'https://hooks.example.com/webhooks/sample';

/** A key pair in place of an issuer's, as the local server makes one. */
const keys = developmentKeys(undefined);

/** What it takes to sign for a pack: options with the examples of the required ones, and a secret. */
export interface Stand {
  readonly options: ProviderOptions;
  readonly secret: string;
  /** False when only the provider itself can sign. */
  readonly canSign: boolean;
  readonly withoutSecret: boolean;
}

export function standFor(pack: Provider): Stand {
  const examples = Object.entries(pack.options ?? {}).flatMap(([name, { required, example }]) =>
    required ? [[name, example] as const] : [],
  );
  const given: ProviderOptions = Object.fromEntries(examples);
  const scheme = schemeOf(pack, given);
  const withoutSecret = scheme.kind === 'custom' && scheme.withoutSecret === true;
  const canSign = scheme.kind !== 'custom' || scheme.sign !== undefined;
  const options = withoutSecret && canSign ? { ...given, jwks: keys.jwks } : given;
  return {
    options,
    canSign,
    withoutSecret,
    secret: withoutSecret ? keys.privateKey : pack.secret.development,
  };
}

/** An unsigned request. Headers have no prototype, as those that ingest hands on. */
export function bareRequest(part: Partial<WebhookRequest> = {}): WebhookRequest {
  const headers = Object.assign(Object.create(null) as Record<string, string>, part.headers);
  const defaults = {
    method: 'POST',
    url: URL_OF_SAMPLES,
    subpath: '',
    body: Buffer.alloc(0),
    receivedAt: NOW,
  };
  return { ...defaults, ...part, headers };
}

/** A sample as the provider would send it at a time. */
export async function provenSample(
  pack: Provider,
  sample: Sample,
  { seed, now = NOW, stand = standFor(pack) }: { seed: number; now?: number; stand?: Stand },
): Promise<WebhookRequest> {
  const { subpath = '', headers = {} } = sample;
  const body = Buffer.from(sample.body(seed));
  const request = bareRequest({ url: URL_OF_SAMPLES + subpath, subpath, headers, body, receivedAt: now });
  return proveRequest(pack, { request, secret: stand.secret, options: stand.options, now });
}
