/** Where an Inlet lies, and what its resources are called there: several may live in one stack, and in one account. */
import { CfnOutput, type CfnResource, Stack } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import type { Stage } from './stage.ts';

export interface Place extends Stage {
  /** Begins the names of alarms, dashboard, API and firewall. Unique in an account and region. */
  readonly title: string;
  /** What its parts are children of. */
  readonly root: IConstruct;
  /** Whether its resources have the logical ids of release 0.1.0, which are those of a stack with one Inlet in it. */
  readonly adopted: boolean;
}

/**
 * Gives what must never be replaced the id that it has had since 0.1.0. Elsewhere CDK derives one from the path of the
 * construct, which is as good as long as the construct keeps its id.
 */
export function keepId({ node }: IConstruct, { adopted }: Place, logicalId: string): void {
  if (adopted) (node.defaultChild as CfnResource).overrideLogicalId(logicalId);
}

/**
 * An output of the stack, for whoever deploys and for `inlet --stage`. Its key is the name, with the path of the Inlet in
 * front unless it has adopted the stack: `InletSecretsPath`.
 */
export function addOutput({ root, adopted }: Place, name: string, value: string, description: string): void {
  const output = new CfnOutput(root as Stack, name, { value, description });
  if (adopted) return;
  const path = root.node.scopes.slice(Stack.of(root).node.scopes.length).map(({ node }) => node.id);
  output.overrideLogicalId(`${path.join('').replace(/[^A-Za-z0-9]/g, '')}${name}`);
}
