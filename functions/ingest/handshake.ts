import { UnavailableError } from '../core/errors.ts';
import type { Logger } from '../core/log.ts';
import type { Handshake, HandshakeActions, HandshakeContext, Provider } from '../pack/provider.ts';
import type { Answer } from '../pack/request.ts';
import type { SecretStore } from '../secrets/secret-store.ts';
import { fetchBounded } from '../verification/fetch-bounded.ts';
import { answerHandshake } from '../verification/verify.ts';
import { answer, type GatewayAnswer, refuse } from './answer.ts';

export interface HandshakeParts {
  readonly secrets: SecretStore;
  readonly log: Logger;
}

/** No key that a provider hands over is longer. */
const MAX_SECRET_LENGTH = 512;

/** The two things that a handshake may do, for one request to one source. */
export function handshakeActions(
  { secrets, log }: HandshakeParts,
  source: string,
  signal: AbortSignal,
): HandshakeActions {
  return {
    async learnSecret(secret) {
      if (secret === '' || secret.length > MAX_SECRET_LENGTH || !secrets.learn) return 'closed';
      const outcome = await secrets.learn(source, secret, signal);
      log.log(outcome === 'closed' ? 'WARN' : 'INFO', {
        event: 'secret-handed-over',
        source,
        result: outcome,
      });
      return outcome;
    },
    async confirm(url, hosts) {
      const result = await fetchBounded(url, { hosts, signal });
      const outcome = result.ok ? 'confirmed' : result.reason;
      log.log(result.ok ? 'INFO' : 'WARN', { event: 'subscription-confirmation', source, result: outcome });
      return result.ok;
    },
  };
}

/**
 * The answer to a handshake, or undefined when the request is none.
 * @throws UnavailableError when it takes longer than the provider waits.
 */
export async function answerInTime(
  provider: Provider,
  context: Omit<HandshakeContext, 'actions'>,
  when: Handshake['when'],
  actions: HandshakeActions,
  signal: AbortSignal,
): Promise<GatewayAnswer | undefined> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const giveUp = () => reject(new UnavailableError('handshake'));
  signal.addEventListener('abort', giveUp, { once: true });
  try {
    const found = await Promise.race([answerHandshake(provider, context, when, actions), late]);
    return found && present(found);
  } finally {
    signal.removeEventListener('abort', giveUp);
  }
}

function present(found: Answer): GatewayAnswer {
  if (found.status < 400) return answer('handshake', found);
  return refuse(found.status, found.body ?? 'Not accepted: this handshake is not expected here.');
}
