/** What `cdk deploy` has left of a stage: the outputs of its stack (infra/outputs.ts). */
import type { CloudFormationClient, CloudFormationClientConfig, Stack } from '@aws-sdk/client-cloudformation';
import { stageOf } from '../infra/stage.ts';
import { CliError } from './cli-error.ts';

export type StageOutputs = Readonly<Record<string, string>>;

/**
 * Reads the outputs of a stage.
 * @throws CliError when there is no such stack, or nobody may ask.
 */
export async function readOutputs(
  stage: string,
  config: CloudFormationClientConfig = {},
): Promise<StageOutputs> {
  const { CloudFormationClient } = await import('@aws-sdk/client-cloudformation');
  const client = new CloudFormationClient(config);
  try {
    return outputsOf(await describeStack(client, stage), stage);
  } finally {
    client.destroy();
  }
}

/** @param stage of several in one stack: the outputs of each begin with the path of its construct. */
export function outputsOf({ Outputs = [] }: Stack, stage: string): StageOutputs {
  const isPath = (key: string, value: string) => key.endsWith(PATH) && value === `/inlet/${stage}`;
  const path = Outputs.find(({ OutputKey = '', OutputValue = '' }) => isPath(OutputKey, OutputValue));
  const prefix = path?.OutputKey?.slice(0, -PATH.length) ?? '';
  return Object.fromEntries(
    Outputs.filter(({ OutputKey }) => OutputKey?.startsWith(prefix)).map(
      ({ OutputKey = '', OutputValue = '' }) => [OutputKey.slice(prefix.length), OutputValue] as const,
    ),
  );
}

/** The output that says which stage the others beside it are of. */
const PATH = 'SecretsPath';

/**
 * The stack `Inlet-<stage>`, or the one that INLET_STACK names.
 * @throws CliError when there is none, or nobody may ask.
 */
export async function describeStack(client: CloudFormationClient, stage: string): Promise<Stack> {
  const name = process.env.INLET_STACK || `Inlet-${stageOf(stage).name}`;
  const { DescribeStacksCommand } = await import('@aws-sdk/client-cloudformation');
  const missing = (region: string) =>
    new CliError(
      `There is no stack ${name} in ${region}: deploy it (npx cdk deploy -c stage=${stage}), set AWS_REGION to the region where it is, or INLET_STACK to its name where that is another.`,
    );
  const region = await regionOf(client.config.region);
  try {
    const { Stacks: [stack] = [] } = await client.send(new DescribeStacksCommand({ StackName: name }));
    if (!stack) throw missing(region);
    return stack;
  } catch (error) {
    const { name: code, message } = error as Error;
    if (code === 'ValidationError' && /does not exist/.test(message)) throw missing(region);
    throw explainAws(error, 'CloudFormation');
  }
}

/**
 * One output.
 * @throws CliError when the stack was deployed without it.
 */
export function outputOf(outputs: StageOutputs, name: string): string {
  const value = outputs[name];
  if (value) return value;
  throw new CliError(`The stack has no output ${name}: an older version was deployed. Deploy it again.`);
}

/** The SDK's errors about the caller, said so that the caller can act. */
export function explainAws(error: unknown, service: string): CliError {
  if (error instanceof CliError) return error;
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  if (name === 'CredentialsProviderError' || /credential/i.test(name))
    return new CliError(
      `There are no AWS credentials: set AWS_PROFILE (and sign in, aws sso login), or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY. (${message})`,
    );
  if (/^(ExpiredToken|InvalidClientTokenId|UnrecognizedClient|SignatureDoesNotMatch)/.test(name))
    return new CliError(`AWS does not take these credentials (${name}): sign in again.`);
  if (/^AccessDenied/.test(name)) return new CliError(`These credentials may not ask ${service}: ${message}`);
  return new CliError(`${service} did not do it: ${name}: ${message}`);
}

/** @throws CliError when nothing says which region. */
export async function regionOf(region: () => Promise<string>): Promise<string> {
  return region().catch(() => {
    throw new CliError('Which region? Set AWS_REGION, or AWS_PROFILE to a profile that has one.');
  });
}
