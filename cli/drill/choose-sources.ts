/** Which sources a drill may speak for: known from the configuration, before anybody is asked. */

import type { InletConfig } from '../../functions/config/config.ts';
import { type Source, Sources } from '../../functions/config/sources.ts';
import { providers } from '../../functions/providers/index.ts';
import { schemeOf } from '../../functions/verification/verify.ts';
import { readEnvironment } from '../../local/environment.ts';

export interface Choice {
  readonly chosen: readonly Source[];
  /** Name and reason of each other. */
  readonly leftOut: readonly string[];
}

/**
 * @param withHandlers whether sources with a handler are meant, too: it runs on events that the drill has made up, and
 *   what a handler does (ship an order, send an e-mail) cannot be taken back.
 */
export function chooseSources(config: InletConfig, withHandlers: boolean): Choice {
  const chosen: Source[] = [];
  const leftOut: string[] = [];
  const { secrets } = readEnvironment(process.env);
  for (const source of new Sources(config, providers).all) {
    const why = whyNot(source, config, withHandlers, secrets[source.name] !== undefined);
    if (why === undefined) chosen.push(source);
    else leftOut.push(`${source.name}: ${why}`);
  }
  return { chosen, leftOut };
}

function whyNot(
  { name, config: { handler }, provider, options }: Source,
  { ingress }: InletConfig,
  withHandlers: boolean,
  hasSecret: boolean,
): string | undefined {
  if (handler !== undefined && !withHandlers)
    return `its handler ${handler} would run on made-up events; --handlers lets it`;
  if (Object.hasOwn(ingress?.firewall?.addresses ?? {}, name))
    return "the firewall lets in the provider's addresses only (ingress.firewall.addresses)";
  const scheme = schemeOf(provider, options);
  if (scheme.kind === 'custom' && scheme.withoutSecret && !hasSecret)
    return 'the provider signs with a private key, which nobody else has';
  return undefined;
}
