/** A stack whose first deployment has failed, as CloudFormation tells of it. */
import {
  type CloudFormationClient,
  paginateDescribeStackEvents,
  paginateListStackResources,
} from '@aws-sdk/client-cloudformation';
import { CliError } from './cli-error.ts';
import { describeStack, explainAws } from './stage-outputs.ts';

export interface FailedStack {
  readonly name: string;
  readonly id: string;
  readonly status: string;
  /** Whether termination protection is on. */
  readonly isProtected: boolean;
  /** Resources that are still there. */
  readonly left: readonly Leftover[];
}

export interface Leftover {
  /** `AWS::DynamoDB::Table`. */
  readonly type: string;
  /** As the service names it. */
  readonly name: string;
  /** Why it could not be deleted, where that was tried. */
  readonly problem: string | undefined;
}

/** By type: what deletes a resource that a production stage keeps. */
const DELETIONS: Readonly<Record<string, string>> = {
  'AWS::DynamoDB::Table': 'aws dynamodb delete-table --table-name',
  'AWS::Cognito::UserPool': 'aws cognito-idp delete-user-pool --user-pool-id',
  'AWS::SQS::Queue': 'aws sqs delete-queue --queue-url',
  'AWS::S3::Bucket': 'aws s3api delete-bucket --bucket',
  'AWS::Logs::LogGroup': 'aws logs delete-log-group --log-group-name',
};

/**
 * Shell command for what the deletion of the stack leaves. `RetainExceptOnCreate` deletes in a roll-back alone: when a
 * creation has failed and nothing was rolled back (`--no-rollback`), deleting the stack keeps all of these
 * (https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html).
 * @returns undefined for what goes with the stack.
 */
export function deletionOf({ type, name }: Pick<Leftover, 'type' | 'name'>): string | undefined {
  const command = DELETIONS[type];
  return command && `${command} ${name}`;
}

/**
 * In these a stack may be that never was complete. The first three say so themselves; a deletion fails of others, too
 * (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/view-stack-events.html).
 */
const FAILED = ['CREATE_FAILED', 'ROLLBACK_COMPLETE', 'ROLLBACK_FAILED', 'DELETE_FAILED'];

/** What a stack has been through that was complete once. */
const WAS_COMPLETE = /^(?:CREATE_COMPLETE|UPDATE_|IMPORT_)/;

/**
 * @throws CliError for a stack that is or ever was complete, that is being worked on, or of whose beginning nothing is
 * known any more: its data may be somebody's.
 */
export async function readFailedStack(client: CloudFormationClient, stage: string): Promise<FailedStack> {
  const {
    StackId: id = '',
    StackName: name = '',
    StackStatus: status = '',
    EnableTerminationProtection: isProtected = false,
  } = await describeStack(client, stage);
  if (status.endsWith('_IN_PROGRESS'))
    throw new CliError(`${name} is ${status}: wait until that is over.`, 1);
  if (!FAILED.includes(status))
    throw new CliError(
      `${name} is ${status}: only a stack whose first deployment has failed is recovered. Nothing was changed.`,
      1,
    );
  try {
    const history = await statusesOf(client, id);
    const complete = history.find((past) => WAS_COMPLETE.test(past));
    if (complete)
      throw new CliError(
        `${name} has been complete (${complete}), so its data may be in use. Nothing was changed.`,
        1,
      );
    if (!history.includes('CREATE_IN_PROGRESS'))
      throw new CliError(
        `The history of ${name} does not reach back to its creation: CloudFormation keeps it for 90 days. Whether it ever was complete cannot be told, and nothing was changed.`,
        1,
      );
    return { name, id, status, isProtected, left: await leftovers(client, id) };
  } catch (error) {
    throw explainAws(error, 'CloudFormation');
  }
}

/** What the stack itself has been, in no order. Asked by its id, as another of the same name has a history of its own. */
async function statusesOf(client: CloudFormationClient, id: string): Promise<string[]> {
  const statuses: string[] = [];
  for await (const { StackEvents = [] } of paginateDescribeStackEvents({ client }, { StackName: id }))
    for (const { PhysicalResourceId, ResourceStatus = '' } of StackEvents)
      if (PhysicalResourceId === id) statuses.push(ResourceStatus);
  return statuses;
}

async function leftovers(client: CloudFormationClient, id: string): Promise<Leftover[]> {
  const left: Leftover[] = [];
  for await (const page of paginateListStackResources({ client }, { StackName: id }))
    for (const resource of page.StackResourceSummaries ?? []) {
      const { ResourceType = '', PhysicalResourceId, ResourceStatus, ResourceStatusReason } = resource;
      if (!PhysicalResourceId || ResourceStatus === 'DELETE_COMPLETE') continue;
      const problem = ResourceStatus === 'DELETE_FAILED' ? (ResourceStatusReason ?? 'unknown') : undefined;
      left.push({ type: ResourceType, name: PhysicalResourceId, problem });
    }
  return left;
}
