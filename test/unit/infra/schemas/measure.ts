/** How the sizes and numbers of a resolved template are counted. */
import { at } from '../../../helpers/template.ts';
import type { Template } from './finding.ts';

export type Properties = Readonly<Record<string, unknown>>;

/** What is counted, and how much of it there is. */
export type Measure = (template: Template) => readonly (readonly [where: string, value: number])[];

export function resources(template: Template, type: string): readonly (readonly [id: string, Properties])[] {
  return Object.entries(template.Resources)
    .filter(([, { Type }]) => Type === type)
    .map(([id, resource]) => [id, resource.Properties ?? {}]);
}

/** A value of every resource of a type. */
export function each(type: string, value: (properties: Properties, id: string) => number): Measure {
  return (template) => resources(template, type).map(([id, properties]) => [id, value(properties, id)]);
}

/** Sums by what the resources of a type belong to: a role, a function, a log group. */
export function perOwner(
  type: string,
  owners: (properties: Properties) => unknown,
  value: (properties: Properties) => number = () => 1,
): Measure {
  return (template) => {
    const sums = new Map<string, number>();
    for (const [, properties] of resources(template, type))
      for (const owner of [owners(properties)].flat().map(String))
        sums.set(owner, (sums.get(owner) ?? 0) + value(properties));
    return [...sums];
  };
}

/** One number for the whole template. */
export function whole(value: (template: Template) => number): Measure {
  return (template) => [['template', value(template)]];
}

/** The list at a path, or an empty one. */
export function list(value: unknown, path: string): readonly unknown[] {
  const found = at(value, path);
  return Array.isArray(found) ? found : [];
}

/** IAM counts everything but white space. */
export function characters(document: unknown): number {
  return JSON.stringify(document ?? '').replace(/\s/g, '').length;
}

export function bytes(value: unknown): number {
  return Buffer.byteLength(typeof value === 'string' ? value : JSON.stringify(value ?? ''));
}
