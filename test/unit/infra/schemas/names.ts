/**
 * Names that a template fixes. CloudFormation makes what is new before it deletes what is old, and fails where the new
 * one's name is taken
 * (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-updating-stacks-update-behaviors.html).
 */
import { isObject } from '../../../../functions/core/is-object.ts';
import type { Template, TemplateResource } from './finding.ts';
import { replacedFor } from './replacement.ts';
import { specificationOf } from './specification.ts';

/** Several may have the same name. */
const NOT_UNIQUE = ['AWS::ApiGatewayV2::Api'];

/** The name by which there can be only one of it, or undefined where CloudFormation makes one up. */
export function fixedName({ Type, Properties = {} }: TemplateResource): string | undefined {
  if (NOT_UNIQUE.includes(Type)) return undefined;
  const own = Type.split('::').at(-1);
  const names = Object.entries({ ...Properties, ...inner(Properties) }).filter(([key]) =>
    ['Name', `${own}Name`].includes(key),
  );
  const identifier = specificationOf(Type)?.primaryIdentifier ?? [];
  // What it belongs to is part of it: a group of one user pool, a stage of one API.
  const given = identifier.filter((key) => Object.hasOwn(Properties, key));
  const isIdentified = identifier.length > 0 && given.length === identifier.length;
  if (names.length === 0 && !isIdentified) return undefined;
  return JSON.stringify([Type, ...names, ...given.map((key) => Properties[key])]);
}

/** CloudFront has the names of its policies in their configuration. */
function inner(properties: Record<string, unknown>): Record<string, unknown> {
  const configs = Object.entries(properties).filter(([key]) => key.endsWith('Config'));
  return Object.assign({}, ...configs.map(([, value]) => value).filter(isObject)) as Record<string, unknown>;
}

/**
 * Names that a deployment over another one would find taken, and those that it would leave behind outside of the stack,
 * where the way back meets them.
 */
export function collisions(before: Template, after: Template): readonly string[] {
  const taken = new Map(
    Object.entries(before.Resources).map(([id, resource]) => [fixedName(resource), id] as const),
  );
  const found: string[] = [];
  for (const [id, resource] of Object.entries(after.Resources)) {
    const name = fixedName(resource);
    const old = name === undefined ? undefined : taken.get(name);
    if (old !== undefined && (old !== id || replacedFor(before.Resources[id], resource).length > 0))
      found.push(`${id} meets the name of ${old}: ${name}`);
  }
  for (const [id, resource] of Object.entries(before.Resources))
    if (fixedName(resource) !== undefined && isKept(resource, after.Resources[id]))
      found.push(`${id} is left behind: ${fixedName(resource)}`);
  return found;
}

/** Nothing says whether a replacement goes by the policy of the old template or by that of the new one. */
function isKept(resource: TemplateResource, next: TemplateResource | undefined): boolean {
  const isKeeping = (policy = 'Delete') => policy !== 'Delete';
  if (next?.Type !== resource.Type) return isKeeping(resource.DeletionPolicy);
  const isReplaced = replacedFor(resource, next).length > 0;
  return isReplaced && [resource, next].some(({ UpdateReplacePolicy }) => isKeeping(UpdateReplacePolicy));
}
