/** What every resource of a stage is marked with: bills and searches go by it. */
import { type Stack, Tags } from 'aws-cdk-lib';
import type { Stage } from './stage.ts';

/**
 * Dashboards have had tags since June 2026
 * (https://aws.amazon.com/about-aws/whats-new/2026/06/amazon-cloudwatch-tags-on-dashboards/), and nothing says in which
 * regions CloudFormation knows them. An unknown property stops a deployment; the stage is in a dashboard's name.
 */
const UNTAGGED = ['AWS::CloudWatch::Dashboard'];

/** `inlet:stage` on everything that takes tags, and on the stack itself. */
export function tagWithStage(stack: Stack, { name }: Stage): void {
  Tags.of(stack).add('inlet:stage', name, { excludeResourceTypes: UNTAGGED });
}
