/** What a role of the template may do. Exact: every statement allows, and nothing inherits. */
import { at, type Resource, type StackTemplate } from '../../helpers/template.ts';
import type { Resolve } from './intrinsics.ts';

export interface Right {
  readonly action: string;
  /** ARN, in which `*` stands for anything and `?` for one character. */
  readonly resource: string;
}

/** The rights of a role, from all policies of the template that are attached to it. */
export function rightsOf(template: StackTemplate, roleId: string, resolve: Resolve): readonly Right[] {
  // What does not fit into a role's own policy lies in managed ones.
  return [...template.ofType('AWS::IAM::Policy'), ...template.ofType('AWS::IAM::ManagedPolicy')]
    .filter(([, { Properties }]) =>
      ((Properties.Roles ?? []) as readonly { Ref?: string }[]).some(({ Ref }) => Ref === roleId),
    )
    .flatMap(([, policy]) => rightsIn(policy, resolve));
}

/** The rights that a policy gives to whom it is attached. */
export function rightsIn({ Properties }: Resource, resolve: Resolve): readonly Right[] {
  const statements = at(Properties, 'PolicyDocument.Statement') as readonly Statement[];
  return statements.flatMap(({ Effect, Action, Resource }) => {
    if (Effect !== 'Allow') throw new Error(`a statement says ${Effect}: this evaluation knows Allow only`);
    return [Action]
      .flat()
      .flatMap((action) =>
        [Resource].flat().map((resource) => ({ action, resource: String(resolve(resource)) })),
      );
  });
}

interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
}

export function allows(rights: readonly Right[], { action, resource }: Right): boolean {
  return rights.some((right) => right.action === action && matches(right.resource, resource));
}

/**
 * IAM's wildcards: `*` for any number of any characters, `?` for one
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html).
 */
export function matches(pattern: string, text: string): boolean {
  const literal = pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${literal.replaceAll('*', '.*').replaceAll('?', '.')}$`, 's').test(text);
}
