/** How large the policies of ingest's role are, as IAM counts: without white space, every intrinsic filled in. */

import { at, type StackTemplate } from '../../helpers/template.ts';
import { type Created, resolver } from '../../proof/deployed/intrinsics.ts';

/** A logical id is at least as long as most physical names that CloudFormation makes up; 20 more for the rest. */
function physicalName(id: string): Created {
  const name = `Inlet-production-eu-west-3-${id}-0123456789AB`;
  const Arn = `arn:aws:dynamodb:ap-southeast-2:000000000000:table/${name}`;
  return { ref: name, attributes: { Arn } };
}

export interface PolicySizes {
  /** All inline policies together. */
  readonly inline: number;
  /** Each managed policy by itself. */
  readonly managed: readonly number[];
}

export function ingestPolicies(template: StackTemplate): PolicySizes {
  const created = new Map(Object.keys(template.resources).map((id) => [id, physicalName(id)]));
  const resolve = resolver(created);
  const sizes = (type: string) =>
    template
      .ofType(type)
      .filter(([, { Properties }]) => JSON.stringify(Properties.Roles ?? []).includes('"IngressIngestRole'))
      .map(([, { Properties }]) => JSON.stringify(resolve(at(Properties, 'PolicyDocument'))).length);
  const inline = sizes('AWS::IAM::Policy').reduce((sum, size) => sum + size, 0);
  return { inline, managed: sizes('AWS::IAM::ManagedPolicy') };
}
