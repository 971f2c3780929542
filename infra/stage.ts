import { RemovalPolicy } from 'aws-cdk-lib';
import { ConfigurationError } from '../functions/shared/errors.ts';

/** A deployment of its own: `-c stage=<name>`. Several live side by side in one account. */
export interface Stage {
  readonly name: string;
  /** True when the stage holds what nobody may lose: its data outlives the stack. */
  readonly production: boolean;
  /** For everything that holds state. */
  readonly removalPolicy: RemovalPolicy;
  /** CloudWatch namespace of its metrics. */
  readonly metrics: string;
}

/**
 * `prod` and names that begin so (`prod-eu`) are kept; every other stage disappears with its stack.
 * @throws ConfigurationError for a name that AWS would refuse in a stack name or a parameter path.
 */
export function stageOf(name: string): Stage {
  if (!/^[a-z][a-z0-9-]{0,19}$/.test(name))
    throw new ConfigurationError([
      `the stage "${name}" cannot be used: write 1 to 20 lower-case letters, digits and hyphens, beginning with a letter (-c stage=dev)`,
    ]);
  const production = /^prod(?:-|$)/.test(name);
  return {
    name,
    production,
    removalPolicy: production ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    metrics: `Inlet/${name}`,
  };
}
