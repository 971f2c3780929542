import type { Provider } from './provider.ts';
import type { ProviderOptions } from './request.ts';
import type { Verification } from './scheme.ts';

/** The scheme that a pack uses under the options of a source. */
export function schemeOf(provider: Provider, options: ProviderOptions): Verification {
  if (options.unsigned === true) return { kind: 'unsigned' };
  return typeof provider.verification === 'function' ? provider.verification(options) : provider.verification;
}
