/** What a role of the template may do. Exact: every statement allows, and nothing inherits. */
import { at, type StackTemplate } from '../helpers/template.ts';
import type { Resolve } from './intrinsics.ts';

export interface Right {
  readonly action: string;
  /** ARN, in which `*` stands for anything. */
  readonly resource: string;
}

/** The rights of a role, from all policies of the template that are attached to it. */
export function rightsOf(template: StackTemplate, roleId: string, resolve: Resolve): readonly Right[] {
  return template
    .ofType('AWS::IAM::Policy')
    .filter(([, { Properties }]) =>
      (Properties.Roles as readonly { Ref?: string }[]).some(({ Ref }) => Ref === roleId),
    )
    .flatMap(([, { Properties }]) => at(Properties, 'PolicyDocument.Statement') as readonly Statement[])
    .flatMap(({ Effect, Action, Resource }) => {
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

/** IAM's wildcard: any number of any characters. */
export function matches(pattern: string, text: string): boolean {
  const parts = pattern.split('*').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 's').test(text);
}
