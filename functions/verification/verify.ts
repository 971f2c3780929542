import type { Answer, Handshake, Provider, ProviderOptions, WebhookRequest } from '../providers/provider.ts';
import { signHmac, verifyHmac } from './hmac.ts';
import type { SigningContext, Verdict, Verification, VerificationContext } from './scheme.ts';
import { signSharedSecret, verifySharedSecret } from './shared-secret.ts';

/** The scheme that a pack uses under the options of a source. */
export function schemeOf(provider: Provider, options: ProviderOptions): Verification {
  if (options.unsigned === true) return { kind: 'unsigned' };
  return typeof provider.verification === 'function' ? provider.verification(options) : provider.verification;
}

/**
 * Decides whether a request is its provider's. Looks at the exact bytes received and at nothing that has been
 * parsed; every doubt is a refusal.
 */
export async function verifyRequest(provider: Provider, context: VerificationContext): Promise<Verdict> {
  const scheme = schemeOf(provider, context.options);
  switch (scheme.kind) {
    case 'hmac':
      return verifyHmac(scheme, context);
    case 'shared-secret':
      return verifySharedSecret(scheme, context);
    case 'custom':
      return scheme.verify(context);
    case 'unsigned':
      return { ok: true };
  }
}

/**
 * The headers with which a provider would prove a request: for samples and tests.
 * @throws TypeError when nobody but the provider can sign, or the secret has the wrong form.
 */
export async function signRequest(
  provider: Provider,
  context: SigningContext,
): Promise<Readonly<Record<string, string>>> {
  const scheme = schemeOf(provider, context.options);
  switch (scheme.kind) {
    case 'hmac':
      return signHmac(scheme, context);
    case 'shared-secret':
      return signSharedSecret(scheme, context);
    case 'custom':
      if (!scheme.sign) throw new TypeError(`nobody but ${provider.title} can sign its requests`);
      return scheme.sign(context);
    case 'unsigned':
      return {};
  }
}

/** Lower-case names of the headers that carry a credential under this scheme: they are never stored. */
export function credentialHeaders(scheme: Verification): readonly string[] {
  if (scheme.kind === 'shared-secret') return [scheme.header];
  return scheme.kind === 'custom' ? (scheme.credentials ?? []) : [];
}

/** The answer to a handshake of this provider, or undefined when the request is none. */
export function answerHandshake(
  provider: Provider,
  context: { request: WebhookRequest; secrets: readonly string[]; options: ProviderOptions },
  when: Handshake['when'],
): Answer | undefined {
  for (const handshake of provider.handshakes ?? []) {
    if (handshake.when !== when || handshake.method !== context.request.method) continue;
    const answer = handshake.answer(context);
    if (answer) return answer;
  }
  return undefined;
}
