/** Resolves what a template computes: `Ref`, `Fn::GetAtt`, `Fn::Join`, `Fn::Sub`, as far as Inlet's uses them. */

export const REGION = 'us-east-1';
export const ACCOUNT = '000000000000';

const PSEUDO: Readonly<Record<string, string>> = {
  'AWS::Region': REGION,
  'AWS::AccountId': ACCOUNT,
  'AWS::Partition': 'aws',
  'AWS::URLSuffix': 'amazonaws.com',
};

/** What a resource is once it exists: the value of `Ref`, and its attributes. */
export interface Created {
  readonly ref: string;
  readonly attributes: Readonly<Record<string, string>>;
}

export type Resolve = (value: unknown) => unknown;

/** @throws Error for a resource that has not been created and for a function that is not known here. */
export function resolver(created: ReadonlyMap<string, Created>): Resolve {
  const of = (id: string): Created => {
    const resource = created.get(id);
    if (!resource) throw new Error(`the template refers to ${id}, which does not exist here`);
    return resource;
  };
  const attribute = (id: string, name: string): string => {
    const value = of(id).attributes[name];
    if (value === undefined) throw new Error(`${id} has no attribute ${name}`);
    return value;
  };
  const resolve: Resolve = (value) => {
    if (Array.isArray(value)) return value.map(resolve);
    if (typeof value !== 'object' || value === null) return value;
    const [[name, argument] = [], ...others] = Object.entries(value);
    if (others.length === 0) {
      if (name === 'Ref') return PSEUDO[String(argument)] ?? of(String(argument)).ref;
      if (name === 'Fn::GetAtt') return attribute(...(argument as [string, string]));
      if (name === 'Fn::Join') {
        const [separator, parts] = resolve(argument) as [string, string[]];
        return parts.join(separator);
      }
      if (name?.startsWith('Fn::')) throw new Error(`${name} is not known here`);
    }
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, resolve(inner)]));
  };
  return resolve;
}
