import {
  CloudFormationClient,
  type CloudFormationClientConfig,
  UpdateTerminationProtectionCommand,
} from '@aws-sdk/client-cloudformation';
import { deletionOf, type FailedStack, readFailedStack } from './failed-stack.ts';
import { findLocks, type Lock } from './locks.ts';
import { type Output, printable, printDocument } from './output.ts';
import { explainAws } from './stage-outputs.ts';

export interface RecoverOptions {
  readonly stage: string;
  /** Do it, and do not only say it. */
  readonly yes: boolean;
}

/**
 * `inlet recover`: the first deployment of a stage has failed, and what protects its data stands in the way of the next
 * attempt. It unlocks the stack, its tables and its user pool, which hold nothing yet, and deletes none of them.
 * @throws CliError with exit code 1 for a stack that ever was complete.
 */
export async function recover(
  output: Output,
  { stage, yes }: RecoverOptions,
  config: CloudFormationClientConfig = {},
  env: NodeJS.ProcessEnv = process.env,
): Promise<void> {
  const client = new CloudFormationClient(config);
  try {
    const stack = await readFailedStack(client, stage);
    const found = await findLocks(stack.left, env);
    const locks = stack.isProtected ? [...found, terminationProtection(client, stack)] : found;
    if (yes) for (const lock of locks) await lock.remove();
    const report = {
      stack: stack.name,
      status: stack.status,
      unlocked: yes,
      locks: locks.map(({ what }) => what),
      stuck: stack.left
        .filter(({ problem, name }) => problem && !found.some(({ what }) => what.endsWith(` ${name}`)))
        .map(({ type, name, problem }) => `${type} ${name}: ${problem}`),
      next: nextSteps(stack, stage),
      afterwards: stack.left.flatMap((resource) => deletionOf(resource) ?? []),
    };
    printDocument(output, report, () => printReport(output, report));
  } finally {
    client.destroy();
  }
}

/** Last of all: as long as it is on, nothing is lost by stopping half-way. */
function terminationProtection(client: CloudFormationClient, { name, id }: FailedStack): Lock {
  return {
    what: `stack ${name}`,
    remove: async () => {
      const off = new UpdateTerminationProtectionCommand({
        StackName: id,
        EnableTerminationProtection: false,
      });
      await client.send(off).catch((error: unknown) => {
        throw explainAws(error, 'CloudFormation');
      });
    },
  };
}

/** `cdk deploy` deletes a stack by itself whose creation was rolled back, and no other. */
function nextSteps({ name, status }: FailedStack, stage: string): string[] {
  const deploy = `npx cdk deploy -c stage=${stage} -c first=true`;
  if (status.startsWith('ROLLBACK_')) return [deploy];
  return [
    `aws cloudformation delete-stack --stack-name ${name}`,
    `aws cloudformation wait stack-delete-complete --stack-name ${name}`,
    deploy,
  ];
}

interface Report {
  readonly stack: string;
  readonly status: string;
  readonly unlocked: boolean;
  readonly locks: readonly string[];
  readonly stuck: readonly string[];
  readonly next: readonly string[];
  readonly afterwards: readonly string[];
}

function printReport(
  output: Output,
  { stack, status, unlocked, locks, stuck, next, afterwards }: Report,
): void {
  const list = (heading: string, items: readonly string[]) => {
    if (items.length === 0) return;
    output.line(heading);
    for (const item of items) output.line(`  ${printable(item)}`);
  };
  output.line(`${stack} never was complete: ${status}.`);
  if (locks.length === 0) output.line('Nothing of it is locked against deletion.');
  list(unlocked ? 'Unlocked:' : 'To unlock:', locks);
  if (!unlocked && locks.length > 0) {
    output.line('Nothing was changed: add --yes to do it.');
    return;
  }
  list('Could not be deleted for another reason, which has to go first:', stuck);
  list('Next:', next);
  list(
    'Of a production stage the deletion of the stack keeps these. When it is through, and if nobody wants them:',
    afterwards,
  );
}
