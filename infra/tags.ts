/** What every resource of a stage is marked with: bills and searches go by it. */
import { Tags } from 'aws-cdk-lib';
import type { Place } from './place.ts';

/**
 * Dashboards have had tags since June 2026
 * (https://aws.amazon.com/about-aws/whats-new/2026/06/amazon-cloudwatch-tags-on-dashboards/), and nothing says in which
 * regions CloudFormation knows them. An unknown property stops a deployment; the stage is in a dashboard's name.
 */
const UNTAGGED = ['AWS::CloudWatch::Dashboard'];

/** `inlet:stage` on everything of an Inlet that takes tags, and on the stack that it has adopted. */
export function tagWithStage({ name, root }: Place): void {
  Tags.of(root).add('inlet:stage', name, { excludeResourceTypes: UNTAGGED });
}
