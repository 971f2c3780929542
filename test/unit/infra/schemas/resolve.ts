/** What a template becomes when it is deployed, as long as it can get: sizes are counted of that. */
import { isObject } from '../../../../functions/core/is-object.ts';
import { intrinsic, type Template } from './finding.ts';
import { LONGEST_REGION } from './variants.ts';

const ACCOUNT = '123456789012';

/** The longest value that each can have. */
const PSEUDO: Readonly<Record<string, string>> = {
  'AWS::AccountId': ACCOUNT,
  'AWS::Partition': 'aws-us-gov',
  'AWS::Region': LONGEST_REGION,
  'AWS::URLSuffix': 'amazonaws.com.cn',
};

/** What an attribute can be that is no ARN: a host name, or a URL of one. */
const ADDRESS = `https://${'x'.repeat(80)}/`;

/**
 * Resources and outputs with the longest texts in place of its intrinsic functions.
 * @param stackName part of each name that CloudFormation makes.
 * @throws Error for a function that nothing uses so far.
 */
export function resolved(template: Template, stackName: string): Template {
  return {
    ...template,
    Resources: resolve(template.Resources) as Template['Resources'],
    Outputs: resolve(template.Outputs) as Template['Outputs'],
  };

  function resolve(value: unknown): unknown {
    const [name, argument] = intrinsic(value) ?? [];
    if (name !== undefined) return call(name, argument);
    if (Array.isArray(value)) return value.map(resolve);
    if (!isObject(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, resolve(item)]));
  }

  function call(name: string, argument: unknown): unknown {
    const [first, second] = [argument].flat();
    switch (name) {
      case 'Ref':
        return PSEUDO[String(argument)] ?? reference(String(argument));
      case 'Fn::GetAtt':
        return String(second).endsWith('Arn') ? arn(String(first)) : ADDRESS;
      case 'Fn::Join':
        return (resolve(second) as unknown[]).join(String(first));
      case 'Fn::Split':
        return String(resolve(second)).split(String(first));
      case 'Fn::Select':
        return (resolve(second) as unknown[])[Number(first)] ?? ADDRESS;
      case 'Fn::Sub':
        return String(argument).replace(/\$\{([\w:]+)(?:\.(\w+))?\}/g, (_, id: string, attribute?: string) =>
          String(attribute ? call('Fn::GetAtt', [id, attribute]) : call('Ref', id)),
        );
      default:
        throw new Error(
          `no length is known for ${name}: write it down in test/unit/infra/schemas/resolve.ts`,
        );
    }
  }

  /** `<stack>-<logical id>-<13 characters>`: a service that takes fewer characters cuts that. */
  function generated(id: string): string {
    return `${stackName}-${id}-${'X'.repeat(13)}`;
  }

  function arn(id: string): string {
    const [, service = ''] = (template.Resources[id]?.Type ?? '').toLowerCase().split('::');
    return `arn:aws-us-gov:${service}:${LONGEST_REGION}:${ACCOUNT}:${'kind'.repeat(5)}/${generated(id)}`;
  }

  function reference(id: string): string {
    const type = template.Resources[id]?.Type;
    if (type === 'AWS::SQS::Queue')
      return `https://sqs.${LONGEST_REGION}.amazonaws.com.cn/${ACCOUNT}/${generated(id)}`;
    return type === 'AWS::SNS::Topic' ? arn(id) : generated(id);
  }
}
