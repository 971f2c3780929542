import { Annotations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import type { InletConfig } from '../functions/config/config.ts';

/** How the values begin that `inlet.config.ts` comes with and that nobody can use. */
const PLACEHOLDER = /^replace-with-/;

/** What still has to be written into a configuration before it is deployed, in sentences. */
export function placeholdersIn(config: InletConfig): string[] {
  return Object.entries(config.sources).flatMap(([source, { provider, options = {} }]) =>
    Object.entries(options)
      .filter(([, value]) => typeof value === 'string' && PLACEHOLDER.test(value))
      .map(
        ([name, value]) =>
          `sources.${source}.options.${name} is still "${value}": write your own in the configuration, or remove the source. Until then every request of ${provider} is refused.`,
      ),
  );
}

/** Warns of them at synth and at deploy. Only a warning: the configuration that comes with Inlet can be synthesized. */
export function warnOfPlaceholders(scope: IConstruct, config: InletConfig): void {
  for (const [index, message] of placeholdersIn(config).entries())
    Annotations.of(scope).addWarningV2(`inlet:placeholder-${index + 1}`, message);
}
