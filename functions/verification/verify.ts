import type { Handshake, HandshakeActions, HandshakeContext, Provider } from '../pack/provider.ts';
import type { Answer, WebhookRequest } from '../pack/request.ts';
import type { SigningContext, Verdict, Verification, VerificationContext } from '../pack/scheme.ts';
import { schemeOf } from '../pack/scheme-of.ts';
import { withTimeInBody } from './body-time.ts';
import { ed25519Algorithm } from './ed25519.ts';
import { allowedUrl } from './fetch-bounded.ts';
import { digestAlgorithm } from './hmac.ts';
import { signSeveral, verifyAny, verifyFirst } from './several.ts';
import { signSharedSecret, verifySharedSecret } from './shared-secret.ts';
import { signatureHeaders } from './signature-header.ts';
import { signSigned, verifySigned } from './signed-request.ts';

export { schemeOf };

/**
 * Decides whether a request is its provider's. Looks at the exact bytes received and at nothing that has been
 * parsed; every doubt is a refusal.
 */
export async function verifyRequest(provider: Provider, context: VerificationContext): Promise<Verdict> {
  return verifyScheme(schemeOf(provider, context.options), context);
}

async function verifyScheme(scheme: Verification, context: VerificationContext): Promise<Verdict> {
  const verify = (part: Verification) => verifyScheme(part, context);
  switch (scheme.kind) {
    case 'hmac':
    case 'hash':
      return verifySigned(scheme, digestAlgorithm(scheme), context);
    case 'ed25519':
      return verifySigned(scheme, ed25519Algorithm(scheme), context);
    case 'shared-secret':
      return verifySharedSecret(scheme, context);
    case 'any':
      return verifyAny(scheme, verify);
    case 'first':
      return verifyFirst(scheme, context.request, verify);
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
  return signScheme(schemeOf(provider, context.options), context);
}

async function signScheme(
  scheme: Verification,
  context: SigningContext,
): Promise<Readonly<Record<string, string>>> {
  switch (scheme.kind) {
    case 'hmac':
    case 'hash':
      return signSigned(scheme, digestAlgorithm(scheme), context);
    case 'ed25519':
      return signSigned(scheme, ed25519Algorithm(scheme), context);
    case 'shared-secret':
      return signSharedSecret(scheme, context);
    case 'any':
    case 'first':
      return signSeveral(scheme, context, signScheme);
    case 'custom':
      if (!scheme.sign) throw new TypeError('nobody but the provider can sign its requests');
      return scheme.sign(context);
    case 'unsigned':
      return {};
  }
}

/**
 * A whole request as the provider would send it: with its signature headers, and with a URL or a body that carries
 * the proof where those do.
 * @throws TypeError as `signRequest` does.
 */
export async function proveRequest(provider: Provider, context: SigningContext): Promise<WebhookRequest> {
  const scheme = schemeOf(provider, context.options);
  const prepared = scheme.kind === 'custom' ? scheme.prepare?.(context) : withTimeInBody(scheme, context);
  const request = { ...context.request, ...prepared };
  const headers = await signRequest(provider, { ...context, request });
  return { ...request, headers: { ...request.headers, ...headers } };
}

/** Lower-case names of the headers that carry a credential under this scheme: they are never stored. */
export function credentialHeaders(scheme: Verification): readonly string[] {
  if (scheme.kind === 'any' || scheme.kind === 'first') return scheme.schemes.flatMap(credentialHeaders);
  if (scheme.kind === 'shared-secret') return [scheme.header];
  // Not every one has a name that gives it away: X-Trello-Webhook.
  if ('signature' in scheme) return signatureHeaders(scheme).map(({ header }) => header);
  return scheme.kind === 'custom' ? (scheme.credentials ?? []) : [];
}

/** Does nothing: for `inlet verify` and tests, which only ask what the answer would be. */
export const rehearsal: HandshakeActions = {
  learnSecret: async () => 'learnt',
  confirm: async (url, hosts) => allowedUrl(url, hosts) !== undefined,
};

/** The answer to a handshake of this provider, or undefined when the request is none. */
export async function answerHandshake(
  provider: Provider,
  context: Omit<HandshakeContext, 'actions'>,
  when: Handshake['when'],
  actions: HandshakeActions,
): Promise<Answer | undefined> {
  for (const handshake of provider.handshakes ?? []) {
    if (handshake.when !== when || handshake.method !== context.request.method) continue;
    const answer = await handshake.answer({ ...context, actions });
    if (answer) return answer;
  }
  return undefined;
}
