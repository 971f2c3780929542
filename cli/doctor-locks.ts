/** Check of `inlet doctor --stage`: whether a stage whose data outlives its stack is locked against deletion. */
import type { InletConfig } from '../functions/config/config.ts';
import { stageOf } from '../infra/stage.ts';
import type { Check } from './check.ts';
import { describeStack } from './stage-outputs.ts';

/**
 * The first deployment of a production stage leaves the locks off, and only the next one sets them. Termination
 * protection tells of all, as they are set together.
 * @throws CliError when there is no such stack, or nobody may ask.
 */
export async function locksCheck(name: string, config: InletConfig): Promise<Check> {
  const { CloudFormationClient } = await import('@aws-sdk/client-cloudformation');
  const client = new CloudFormationClient({});
  try {
    const { EnableTerminationProtection: isLocked = false } = await describeStack(client, name);
    if (isLocked) return { name: 'locks', verdict: 'ok', message: 'the stack is locked against deletion' };
    if (!stageOf(name, config).production)
      return {
        name: 'locks',
        verdict: 'ok',
        message: 'none: by configuration and name it is not production',
      };
    return {
      name: 'locks',
      verdict: 'warn',
      message: 'a production stage that is not locked against deletion',
      advice: `Deploy it again without -c first=true: npx cdk deploy -c stage=${name}`,
    };
  } finally {
    client.destroy();
  }
}
