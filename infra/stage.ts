import { RemovalPolicy } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import type { InletConfig } from '../functions/config/config.ts';
import { ConfigurationError } from '../functions/core/errors.ts';

/** A deployment of its own: `-c stage=<name>`. Several live side by side in one account. */
export interface Stage {
  readonly name: string;
  /** True when the stage holds what nobody may lose: its data outlives the stack. */
  readonly production: boolean;
  /** Whether tables, user pool and stack are protected against deletion. */
  readonly locked: boolean;
  /** What was taken, and why: for whoever deploys. */
  readonly summary: string;
  /** For everything that holds state. */
  readonly removalPolicy: RemovalPolicy;
  /** CloudWatch namespace of its metrics. */
  readonly metrics: string;
}

/** What `cdk -c` has said: text from the command line, anything from cdk.json. */
export interface StageContext {
  readonly production?: unknown;
  /** Whether this is the first deployment of the stage. */
  readonly first?: unknown;
}

/**
 * The stage that `-c stage=<name>` names, `dev` without, with what `-c production=…` and `-c first=…` say.
 * @param name in place of the one that the context says.
 * @throws ConfigurationError as `stageOf`.
 */
export function stageIn({ node }: IConstruct, config: Pick<InletConfig, 'production'>, name?: string): Stage {
  const said = (key: string): unknown => node.tryGetContext(key);
  const context = { production: said('production'), first: said('first') };
  return stageOf(name ?? String(said('stage') ?? 'dev'), config, context);
}

/** Names that begin so are meant for production, unless something says otherwise. */
const PRODUCTION = /^(?:prod|prd|live)/;

/**
 * A stage for production keeps its data: `-c production=…` says whether it is one, else `production` in the
 * configuration, else its name. Every other stage disappears with its stack.
 *
 * The data outlives the stack in any case but one: what a failed creation has made is deleted again
 * (https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html). Locks would
 * stop that, so the first deployment leaves them off with `-c first=true`.
 * @throws ConfigurationError for a name that AWS would refuse in a stack name or a parameter path, and for a context
 * that says neither true nor false.
 */
export function stageOf(
  name: string,
  config: Pick<InletConfig, 'production'> = {},
  context: StageContext = {},
): Stage {
  if (!/^[a-z][a-z0-9-]{0,19}$/.test(name))
    throw new ConfigurationError([
      `the stage "${name}" cannot be used: write 1 to 20 lower-case letters, digits and hyphens, beginning with a letter (-c stage=dev)`,
    ]);
  const asked = flagOf('production', context.production);
  const first = flagOf('first', context.first) ?? false;
  const production = asked ?? config.production ?? PRODUCTION.test(name);
  const reason =
    asked !== undefined
      ? 'by -c production'
      : config.production !== undefined
        ? 'by the configuration'
        : 'by its name';
  return {
    name,
    production,
    locked: production && !first,
    summary: `The stage ${name} is ${production ? '' : 'not '}production (${reason}): ${fateOf(production, first)}`,
    removalPolicy: production ? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE : RemovalPolicy.DESTROY,
    metrics: `Inlet/${name}`,
  };
}

function fateOf(production: boolean, first: boolean): string {
  if (!production)
    return 'its data is deleted with the stack. To keep it: production: true in the configuration, or -c production=true.';
  const kept = 'its data outlives the stack';
  return first
    ? `${kept}. Nothing is locked against deletion yet, so that a first deployment that fails can be repeated: deploy again without -c first=true.`
    : `${kept}, and tables, user pool and stack are locked against deletion. The very first deployment takes -c first=true.`;
}

/** @returns undefined where nothing was said. */
function flagOf(key: string, value: unknown): boolean | undefined {
  if (value === undefined) return undefined;
  if (value === true || value === 'true') return true;
  if (value === false || value === 'false') return false;
  throw new ConfigurationError([
    `-c ${key}=${value} is neither true nor false: write -c ${key}=true or -c ${key}=false`,
  ]);
}
