/** What the tests of the template look things up with. */
import { expect } from '@jest/globals';
import type { Resource, StackTemplate } from '../../helpers/template.ts';

/** The properties of a resource. */
export function get(template: StackTemplate, id: string): Resource['Properties'] {
  const resource = template.resources[id];
  if (!resource) throw new Error(`no resource ${id}`);
  return resource.Properties;
}

/** The properties of the only resource of a type. */
export function only(template: StackTemplate, type: string): Resource['Properties'] | undefined {
  const [[, resource] = [], ...others] = template.ofType(type);
  expect(others).toEqual([]);
  return resource?.Properties;
}

/** The properties of every resource of a type. */
export function properties(template: StackTemplate, type: string): readonly Resource['Properties'][] {
  return template.ofType(type).map(([, { Properties }]) => Properties);
}

export function arnOf(id: string): object {
  return { 'Fn::GetAtt': [id, 'Arn'] };
}
