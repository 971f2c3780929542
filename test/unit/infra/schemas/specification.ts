/**
 * A second reading of the schemas: the specification that CDK's own resource classes are made from. The engine takes
 * any value where a schema offers alternatives (the keys of a table), where it has plain JSON (settings of routes), and
 * any reference for any other; here every property is looked at, down to the last, and so is what it refers to.
 */

import { loadAwsServiceSpecSync } from '@aws-cdk/aws-service-spec';
import type { Property, PropertyType, Resource, ResourceProperties } from '@aws-cdk/service-spec-types';
import { isObject } from '../../../../functions/core/is-object.ts';
import { type Finding, intrinsic, type Template } from './finding.ts';

const database = loadAwsServiceSpecSync();

/** What the specification says of a resource type. */
export function specificationOf(type: string): Resource | undefined {
  return database.lookup('resource', 'cloudFormationType', 'equals', type)[0];
}

/** Plain JSON of which the documentation says that it is a map of the type of another property. */
const MAPS: Readonly<Record<string, string>> = {
  // https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-apigatewayv2-stage.html
  'AWS::ApiGatewayV2::Stage.RouteSettings': 'DefaultRouteSettings',
};

export function specificationFindings(template: Template): readonly Finding[] {
  const findings: Finding[] = [];
  const report = (rule: string, path: string, text: string) =>
    void findings.push({ rule, text: `${path}: ${text}` });

  for (const [id, { Type, Properties = {} }] of Object.entries(template.Resources)) {
    const resource = specificationOf(Type);
    if (!resource) report('unknown-type', id, `${Type} is no resource type`);
    else {
      checkProperties(Properties, resource.properties, id);
      for (const [name, as] of Object.entries(MAPS)) {
        const [of, property = ''] = name.split('.');
        const element = resource.properties[as]?.type;
        if (of === Type && element && Properties[property])
          checkValue(Properties[property], { type: 'map', element }, `${id}.${property}`);
      }
    }
  }
  return findings;

  function checkProperties(values: object, known: ResourceProperties, path: string): void {
    for (const [name, { required }] of Object.entries(known))
      if (required && !Object.hasOwn(values, name)) report('missing', path, `${name} is required`);
    for (const [name, value] of Object.entries(values)) {
      const property = known[name];
      if (!property) report('unknown-property', path, `${name} is unknown`);
      else {
        checkValue(value, property.type, `${path}.${name}`);
        for (const item of [value].flat()) checkReference(item, property, `${path}.${name}`);
      }
    }
  }

  function checkValue(value: unknown, type: PropertyType, path: string): void {
    if (type.type === 'json') return;
    if (type.type === 'union') {
      // Many a union offers plain JSON for what it describes as well: the description holds for what looks like it.
      const described = type.types.filter((it) => it.type !== 'json' && hasShape(value, it, template));
      const alternatives = described.length > 0 ? described : type.types.filter((it) => it.type === 'json');
      if (alternatives.some((it) => fits(value, it))) return;
      const [only, ...others] = alternatives;
      if (only && others.length === 0) checkValue(value, only, path);
      else
        report('wrong-type', path, `${JSON.stringify(value)} is none of ${type.types.map((it) => it.type)}`);
    } else if (!hasShape(value, type, template))
      report('wrong-type', path, `${JSON.stringify(value)} is no ${type.type}`);
    else if (intrinsic(value)) return;
    else if (type.type === 'array')
      for (const [index, item] of (value as unknown[]).entries())
        checkValue(item, type.element, `${path}.${index}`);
    else if (type.type === 'map')
      for (const [key, item] of Object.entries(value as object))
        checkValue(item, type.element, `${path}.${key}`);
    else if (type.type === 'ref')
      checkProperties(value as object, database.get('typeDefinition', type.reference.$ref).properties, path);
  }

  /** Whether a value is right as one of several alternatives. */
  function fits(value: unknown, type: PropertyType): boolean {
    const before = findings.length;
    checkValue(value, type, '');
    return findings.splice(before).length === 0;
  }

  /** An ARN where an ARN is wanted, and of the right kind of resource. */
  function checkReference(value: unknown, { relationshipRefs }: Property, path: string): void {
    const [name, argument] = intrinsic(value) ?? [];
    const [id = '', attribute] = name === 'Ref' || name === 'Fn::GetAtt' ? [argument].flat().map(String) : [];
    const target = specificationOf(template.Resources[id]?.Type ?? '');
    if (!relationshipRefs || !target) return;
    const given = attribute ? [attribute] : (target.cfnRefIdentifier ?? target.primaryIdentifier ?? []);
    const isWanted = relationshipRefs.some(
      ({ cloudFormationType, propertyName }) =>
        cloudFormationType === target.cloudFormationType && given.includes(propertyName),
    );
    const wanted = relationshipRefs.map((ref) => `${ref.cloudFormationType}.${ref.propertyName}`);
    if (!isWanted) report('wrong-reference', path, `${JSON.stringify(value)} is none of ${wanted}`);
  }
}

/** Whether a value is of a type, without a look at what is in it. */
function hasShape(value: unknown, { type }: PropertyType, template: Template): boolean {
  const [name, argument] = intrinsic(value) ?? [];
  if (name !== undefined) {
    const isList =
      name === 'Fn::Split' || (name === 'Fn::GetAtt' && attributeType(argument, template) === 'array');
    return type === 'array' ? isList : !isList && !['ref', 'map', 'tag'].includes(type);
  }
  switch (type) {
    case 'string':
    case 'date-time':
      return typeof value === 'string';
    case 'integer':
      return Number.isInteger(value);
    case 'number':
      return typeof value === 'number';
    case 'boolean':
      return typeof value === 'boolean';
    case 'array':
      return Array.isArray(value);
    case 'null':
      return value === null;
    case 'tag':
      return isObject(value) && Object.keys(value).sort().join() === 'Key,Value';
    default:
      return isObject(value);
  }
}

function attributeType(argument: unknown, { Resources }: Template): string | undefined {
  const [id = '', attribute = ''] = [argument].flat().map(String);
  return specificationOf(Resources[id]?.Type ?? '')?.attributes[attribute]?.type.type;
}
