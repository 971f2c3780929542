/** What faults are planted with. */
import type { Template } from './finding.ts';

export type Plant = (template: Template) => void;

export type Open = Record<string, unknown>;

/** The properties of a resource, to be changed. */
export function the({ Resources }: Template, type: string, id = ''): Open {
  const found = Object.entries(Resources).find(([key, { Type }]) => Type === type && key.includes(id));
  if (!found) throw new Error(`no ${type} ${id}`);
  return found[1].Properties;
}

/** What lies at a path below a value, to be changed. */
export function inner(value: unknown, ...path: readonly (string | number)[]): Open {
  return path.reduce<unknown>((it, key) => (it as Open)[key], value) as Open;
}

export function set(object: object | undefined, values: Open): void {
  Object.assign(object ?? {}, values);
}

export function some<T>(count: number, item: (n: number) => T): T[] {
  return Array.from({ length: count }, (_, n) => item(n));
}

/** Adds resources under names of their own. */
export function add({ Resources }: Template, Type: string, count: number, Properties: Open = {}): void {
  for (const n of some(count, (it) => it)) Resources[`Planted${n}`] = { Type, Properties };
}
