import type { InletConfig, SourceConfig } from '../functions/config/config.ts';
import { optionsOf } from '../functions/config/sources.ts';
import type { Provider } from '../functions/pack/provider.ts';
import type { WebhookRequest } from '../functions/pack/request.ts';
import { providers } from '../functions/providers/index.ts';
import { proveRequest, schemeOf } from '../functions/verification/verify.ts';
import { readEnvironment } from '../local/environment.ts';
import { CliError } from './cli-error.ts';
import { isLoopback, type Target } from './target.ts';

/** A source and what it takes to speak in its provider's place. */
export interface Signer {
  readonly provider: Provider;
  /** The request with its proof, as if it were sent now: in its headers, its URL or its body. */
  sign(request: WebhookRequest): Promise<WebhookRequest>;
}

/**
 * Prepares the signing for a source: with the secret that was given, else that of INLET_SECRETS, else the development
 * secret of the local Inlet, else (for a local target only) that of the pack.
 * @throws CliError when the source is unknown or nothing can sign for it.
 */
export function createSigner(
  config: InletConfig,
  source: string,
  url: URL,
  target: Target,
  given: string | undefined,
): Signer {
  const { provider, config: sourceConfig } = findSource(config, source);
  const options = optionsOf(sourceConfig);
  const scheme = schemeOf(provider, options);
  const secret =
    given ??
    readEnvironment(process.env).secrets[source]?.[0] ??
    developmentSecret(provider, source, url, target);
  if (scheme.kind !== 'unsigned' && !secret) {
    const local = target.run === undefined && isLoopback(url) ? ' Is npm start running?' : '';
    throw new CliError(
      `There is no secret to sign for ${source} with: pass --secret or set INLET_SECRETS.${local}`,
    );
  }
  return {
    provider,
    sign: async (request) => {
      try {
        return await proveRequest(provider, { request, secret: secret ?? '', options, now: Date.now() });
      } catch (error) {
        const problem =
          provider.secret.check?.(secret ?? '') ?? (error instanceof Error ? error.message : String(error));
        throw new CliError(`Requests of ${source} cannot be signed: ${problem}`);
      }
    },
  };
}

/** A configured source; a pack's name does as well, for a target with another configuration. */
function findSource(config: InletConfig, name: string): { provider: Provider; config: SourceConfig } {
  const sourceConfig = Object.hasOwn(config.sources, name) ? config.sources[name] : { provider: name };
  const pack = sourceConfig?.provider ?? name;
  const provider = Object.hasOwn(providers, pack) ? providers[pack] : undefined;
  if (!provider) {
    throw new CliError(
      `There is no source "${name}". The sources are: ${Object.keys(config.sources).join(', ')}.`,
    );
  }
  return { provider, config: sourceConfig ?? { provider: name } };
}

function developmentSecret(
  provider: Provider,
  source: string,
  url: URL,
  { run }: Target,
): string | undefined {
  return (
    run?.developmentSecrets[source] ??
    (isLoopback(url) ? provider.secret.development || undefined : undefined)
  );
}
