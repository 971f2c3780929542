/** Regions that lack something which a configuration asks for. */
import { Aws, CfnRule, Fn, type ICfnConditionExpression, Stack, Token } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { ConfigurationError } from '../functions/core/errors.ts';

/**
 * User pools are not in China; GovCloud has them with login pages of another form and FIPS endpoints only
 * (https://docs.aws.amazon.com/govcloud-us/latest/UserGuide/govcloud-cog.html), with which the console has never run.
 * What CloudFormation knows in which region: https://github.com/aws-cloudformation/cfn-lint, rule E3006.
 */
export const WITHOUT_CONSOLE = ['cn-north-1', 'cn-northwest-1', 'us-gov-east-1', 'us-gov-west-1'];

/** By the same list. Some regions of the partition `aws` had none either when they were opened. */
export const WITHOUT_FUNCTION_URL = ['cn-northwest-1', 'us-gov-east-1', 'us-gov-west-1'];

export interface Need {
  /** Logical id of the rule. */
  readonly id: string;
  /** Where it can be had, or where not. */
  readonly regions: { readonly only: string } | { readonly not: readonly string[] };
  /** The key of the configuration, and what is wrong with it. */
  readonly why: string;
  /** A sentence. */
  readonly cure: string;
}

/**
 * Refuses a stack in a region that lacks what it needs. A stack for any region (`bin/app.ts` makes one) does not know
 * its region before CloudFormation does, so that a rule of the template stops the deployment there before it begins.
 * @throws ConfigurationError when the stack goes to such a region and knows it.
 */
export function requireRegion(scope: Construct, { id, regions, why, cure }: Need): void {
  const stack = Stack.of(scope);
  const { region } = stack;
  if (Token.isUnresolved(region)) {
    // Another Inlet in the stack may need the same.
    if (stack.node.tryFindChild(id)) return;
    new CfnRule(stack, id, {
      assertions: [{ assert: conditionOf(regions), assertDescription: `${why}. ${cure}` }],
    });
  } else if ('only' in regions ? region !== regions.only : regions.not.includes(region))
    throw new ConfigurationError([`${why}, and this stack goes to ${region}. ${cure}`]);
}

function conditionOf(regions: Need['regions']): ICfnConditionExpression {
  return 'only' in regions
    ? Fn.conditionEquals(Aws.REGION, regions.only)
    : Fn.conditionNot(Fn.conditionContains([...regions.not], Aws.REGION));
}
