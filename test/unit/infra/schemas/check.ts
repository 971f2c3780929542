import { engineFindings } from './engine.ts';
import type { Finding, Template } from './finding.ts';
import { limitFindings } from './limits.ts';
import { specificationFindings } from './specification.ts';

export interface Deployment {
  readonly stackName: string;
  readonly region: string;
}

/** Everything that all three checks find: AWS's validator, the specification, and the limits. */
export function check(template: Template, { stackName, region }: Deployment): readonly Finding[] {
  return [
    ...engineFindings(JSON.stringify(template), region),
    ...specificationFindings(template),
    ...limitFindings(template, stackName),
  ];
}
