/** Every way in which a template can forget one variable, layer, index, right, event source or metric filter. */
import { at, type Resource, type StackTemplate } from '../../helpers/template.ts';
import { roleOf } from './deployment.ts';

export interface Removal {
  readonly kind: 'variable' | 'layer' | 'index' | 'grant' | 'event source' | 'metric filter';
  readonly name: string;
  /** Of a grant: whose it is, and the place of the pair of action and resource among its rights. */
  readonly grant?: { readonly role: string; readonly position: number };
  readonly template: StackTemplate;
}

type Mutable<T> = T extends object ? { -readonly [K in keyof T]: Mutable<T[K]> } : T;
type Resources = Mutable<Record<string, Resource>>;
interface Statement {
  Effect: string;
  Action: string | string[];
  Resource: unknown;
}

export function removalsFrom(template: StackTemplate): readonly Removal[] {
  return [
    ...variables(template),
    ...layers(template),
    ...indexes(template),
    ...grants(template),
    ...resources(template, 'event source', 'AWS::Lambda::EventSourceMapping'),
    ...resources(template, 'metric filter', 'AWS::Logs::MetricFilter'),
  ];
}

function* variables(template: StackTemplate): Generator<Removal> {
  for (const [id, { Properties }] of template.ofType('AWS::Lambda::Function')) {
    const environment = Properties.Environment as { Variables: Record<string, unknown> };
    for (const name of Object.keys(environment.Variables))
      yield {
        kind: 'variable',
        name: `${roleOf(id)} ${name}`,
        template: changed(template, (resources) => {
          const changed = resources[id]?.Properties.Environment as typeof environment | undefined;
          delete changed?.Variables[name];
        }),
      };
  }
}

function* layers(template: StackTemplate): Generator<Removal> {
  for (const [id, { Properties }] of template.ofType('AWS::Lambda::Function'))
    if (Properties.Layers)
      yield {
        kind: 'layer',
        name: roleOf(id),
        template: changed(template, (resources) => {
          delete resources[id]?.Properties.Layers;
        }),
      };
}

function* indexes(template: StackTemplate): Generator<Removal> {
  for (const [id, { Properties }] of template.ofType('AWS::DynamoDB::Table'))
    for (const [n, index] of ((Properties.GlobalSecondaryIndexes ?? []) as { IndexName: string }[]).entries())
      yield {
        kind: 'index',
        name: `${id} ${index.IndexName}`,
        template: changed(template, (resources) => {
          const table = resources[id]?.Properties as Record<string, unknown[]>;
          table.GlobalSecondaryIndexes?.splice(n, 1);
          if (table.GlobalSecondaryIndexes?.length === 0) delete table.GlobalSecondaryIndexes;
          // DynamoDB refuses attributes that no key uses.
          table.AttributeDefinitions = (table.AttributeDefinitions as { AttributeName: string }[]).filter(
            ({ AttributeName }) => AttributeName === 'id',
          );
        }),
      };
}

function* grants(template: StackTemplate): Generator<Removal> {
  for (const [id, policy] of template.ofType('AWS::IAM::Policy')) {
    const [functionId] =
      template
        .ofType('AWS::Lambda::Function')
        .find(([, fn]) => at(fn.Properties, 'Role.Fn::GetAtt.0') === at(policy.Properties, 'Roles.0.Ref')) ??
      [];
    if (functionId === undefined) continue;
    const role = roleOf(functionId);
    for (const [position, { Action, Resource }] of pairs(policy).entries())
      yield {
        kind: 'grant',
        name: `${role} ${String(Action)} on ${JSON.stringify(Resource)}`,
        grant: { role, position },
        template: changed(template, (resources) => {
          const document = resources[id]?.Properties.PolicyDocument as { Statement: Statement[] } | undefined;
          if (document) document.Statement = pairs(policy).filter((_, n) => n !== position);
        }),
      };
  }
}

/** Whole resources of a type. */
function* resources(template: StackTemplate, kind: Removal['kind'], type: string): Generator<Removal> {
  for (const [id] of template.ofType(type))
    yield {
      kind,
      name: id,
      template: changed(template, (resources) => {
        delete resources[id];
      }),
    };
}

/** A policy with one action and one resource in each statement; in the order of `rightsOf`. */
function pairs({ Properties }: Resource): Statement[] {
  const { Statement } = Properties.PolicyDocument as { Statement: Statement[] };
  return Statement.flatMap(({ Effect, Action, Resource }) =>
    [Action]
      .flat()
      .flatMap((action) =>
        [Resource].flat().map((resource) => ({ Effect, Action: action, Resource: resource })),
      ),
  );
}

function changed(template: StackTemplate, change: (resources: Resources) => void): StackTemplate {
  const resources = structuredClone(template.resources) as Resources;
  change(resources);
  return {
    ...template,
    resources: resources as StackTemplate['resources'],
    text: JSON.stringify({ Resources: resources }),
    ofType: (type) =>
      Object.entries(resources as StackTemplate['resources']).filter(([, { Type }]) => Type === type),
  };
}
