import { createHmac } from 'node:crypto';
import type { Provider } from '../../../functions/pack/provider.ts';
import type { WebhookRequest } from '../../../functions/pack/request.ts';
import type { HmacScheme, SignatureForm, Verdict, Verification } from '../../../functions/pack/scheme.ts';
import { signRequest, verifyRequest } from '../../../functions/verification/verify.ts';

/** 2026-01-01, in seconds. */
export const NOW = 1_767_225_600;

export function requestOf(headers: Readonly<Record<string, string>>, body = '{"a":1}'): WebhookRequest {
  return {
    method: 'POST',
    url: 'https://example.com/webhooks/source?x=1',
    subpath: '',
    headers: Object.assign(Object.create(null), headers),
    body: Buffer.from(body),
    receivedAt: NOW * 1000,
  };
}

/** HMAC-SHA256 over the body, in a form. */
export function hmacScheme(form: SignatureForm, rest: Partial<HmacScheme> = {}): HmacScheme {
  const signature = { header: 'x-signature', form };
  return {
    kind: 'hmac',
    algorithm: 'sha256',
    encoding: 'hex',
    key: 'utf8',
    signed: '{body}',
    signature,
    ...rest,
  };
}

export interface Trial {
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly secrets?: readonly string[];
  readonly options?: Readonly<Record<string, unknown>>;
  /** Epoch seconds. */
  readonly now?: number;
}

/** A pack that has nothing but a scheme. */
export function packOf(verification: Verification): Provider {
  return {
    name: 'test',
    title: 'Test',
    documentation: [],
    verification,
    secret: { description: '', development: '' },
    events: { format: 'json' },
    retries: { schedule: '' },
    samples: [],
  };
}

export function tryOut(scheme: Verification, trial: Trial): Promise<Verdict> {
  const { headers, body, secrets = ['secret'], options = {}, now = NOW } = trial;
  const context = { request: requestOf(headers, body), secrets, options, now: now * 1000 };
  return verifyRequest(packOf(scheme), context);
}

export function signWith(scheme: Verification, secret: string, body?: string) {
  const context = { request: requestOf({}, body), secret, options: {}, now: NOW * 1000 };
  return signRequest(packOf(scheme), context);
}

/** Computed without the code under test. */
export function hmacOf(
  text: string,
  encoding: 'hex' | 'base64' | 'base64url' = 'hex',
  secret: string | Buffer = 'secret',
) {
  return createHmac('sha256', secret).update(text).digest(encoding);
}

export const refused = (reason: string) => expect.objectContaining({ ok: false, reason });
