import type { Template, TemplateResource } from './finding.ts';
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
  // Whoever has it loses it with the old one, and as long as somebody has it, it cannot be deleted.
  'AWS::IAM::ManagedPolicy',
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
    .flatMap(([id, resource]) => {
      const next = after.Resources[id];
      if (next?.Type !== resource.Type) return [`${id} is removed`];
      return replacedFor(resource, next).map((name) => `${id} is replaced for its ${name}`);
    });
}

/**
 * Keys of routes that had settings of their own and have none afterwards. The gateway keeps these settings, as an update
 * of its stage takes away nothing that it does not name, and may refuse the next update for them
 * (https://github.com/aws/serverless-application-model/issues/1939).
 */
export function leftSettings(before: Template, after: Template): readonly string[] {
  const keep = settledRoutes(after);
  return settledRoutes(before).filter((key) => !keep.includes(key));
}

function settledRoutes({ Resources }: Template): readonly string[] {
  return Object.values(Resources)
    .filter(({ Type }) => Type === 'AWS::ApiGatewayV2::Stage')
    .flatMap(({ Properties }) => Object.keys(Properties?.RouteSettings ?? {}));
}

/** Properties that differ and cannot be changed in place. */
export function replacedFor(
  before: TemplateResource | undefined,
  after: TemplateResource | undefined,
): readonly string[] {
  return Object.entries(specificationOf(after?.Type ?? '')?.properties ?? {})
    .filter(([name, { causesReplacement = 'no' }]) => {
      const [was, is] = [before, after].map((it) => JSON.stringify(it?.Properties?.[name]));
      return causesReplacement !== 'no' && was !== is;
    })
    .map(([name]) => name);
}
