import type { Template } from './finding.ts';
import { specificationOf } from './specification.ts';

/** Whether the specification says of a type that it holds data. */
export function holdsState(type: string): boolean {
  return specificationOf(type)?.isStateful === true;
}

/** What somebody outside knows by an address or an id that a new one would not have. */
const ADDRESSED = [
  'AWS::ApiGatewayV2::Api',
  'AWS::Lambda::Url',
  'AWS::SNS::Topic',
  'AWS::Cognito::UserPoolDomain',
];

export function isAddressed(type: string): boolean {
  return ADDRESSED.includes(type);
}

/**
 * What a deployment over another one would take away: resources that are not there any more, and those of which it
 * changes what CloudFormation cannot change in place, so that it makes a new one, empty and by another name.
 */
export function lost(
  before: Template,
  after: Template,
  isKept: (type: string) => boolean,
): readonly string[] {
  return Object.entries(before.Resources)
    .filter(([, { Type }]) => isKept(Type))
    .flatMap(([id, { Type, Properties = {} }]) => {
      const next = after.Resources[id];
      if (next?.Type !== Type) return [`${id} is removed`];
      return Object.entries(specificationOf(Type)?.properties ?? {})
        .filter(([name, { causesReplacement = 'no' }]) => {
          const [was, is] = [Properties, next.Properties ?? {}].map((it) => JSON.stringify(it[name]));
          return causesReplacement !== 'no' && was !== is;
        })
        .map(([name]) => `${id} is replaced for its ${name}`);
    });
}
