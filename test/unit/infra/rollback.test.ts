/**
 * A first deployment that fails can be repeated: what CloudFormation's roll-back leaves of each resource of the
 * templates, before and after `inlet recover`, and whether the next attempt meets it.
 */
import { describe, expect, test } from '@jest/globals';
import { deletionOf } from '../../../cli/failed-stack.ts';
import type { Resource, StackTemplate } from '../../helpers/template.ts';
import { templateOf, variantOf, variants } from './schemas/variants.ts';

/** Properties with which a service refuses to delete, whatever asks it to. */
const LOCKS: Readonly<Record<string, readonly [string, unknown]>> = {
  'AWS::DynamoDB::Table': ['DeletionProtectionEnabled', true],
  'AWS::Cognito::UserPool': ['DeletionProtection', 'ACTIVE'],
};

type Left = 'deleted' | 'kept' | 'stuck';

/**
 * What the roll-back of a creation does to a resource: `RetainExceptOnCreate` deletes then, `Retain` keeps
 * (https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html).
 */
function rollBack({ Type, Properties, DeletionPolicy = 'Delete' }: Resource): Left {
  if (DeletionPolicy === 'Retain') return 'kept';
  const [property, value] = LOCKS[Type] ?? [];
  return property !== undefined && Properties[property] === value ? 'stuck' : 'deleted';
}

/** Logical ids of what is left. */
function leftOf(template: StackTemplate): string[] {
  return Object.entries(template.resources)
    .filter(([, resource]) => rollBack(resource) !== 'deleted')
    .map(([id]) => id)
    .sort();
}

const TABLES = ['ArchiveTable', 'EffectsTable', 'LedgerTable', 'SubjectsTable'];

describe.each(variants)('$name', (variant) => {
  const pool = variant.config.console === false ? [] : ['UserPool'];

  test('the first deployment of a production stage leaves nothing, and the stack can be deleted', () => {
    const template = templateOf({ ...variant, context: { production: 'true', first: 'true' } });
    expect(leftOf(template)).toEqual([]);
    expect(template.terminationProtection).toBe(false);
  });

  test('whoever forgot `-c first=true` has exactly what `inlet recover` unlocks', () => {
    const template = templateOf({ ...variant, context: { production: 'true' } });
    expect(leftOf(template)).toEqual([...TABLES, ...pool]);
    expect(template.terminationProtection).toBe(true);
    // Unlocked, they are kept when the stack is deleted, and empty. None has a name that the next attempt would meet.
    for (const id of leftOf(template)) {
      const { Type, Properties, DeletionPolicy } = template.resources[id] ?? {};
      expect([id, DeletionPolicy]).toEqual([id, 'RetainExceptOnCreate']);
      expect(Object.keys(Properties ?? {})).not.toContain(
        Type === 'AWS::Cognito::UserPool' ? 'UserPoolName' : 'TableName',
      );
    }
  });
});

test('what a production stage keeps has no name that would be in the way of another stack', () => {
  const template = templateOf({ ...variantOf('default'), stage: 'prod' });
  const kept = Object.entries(template.resources).filter(
    ([, it]) => it.DeletionPolicy === 'RetainExceptOnCreate',
  );
  expect(kept.map(([, { Type }]) => Type).sort()).toEqual([
    'AWS::Cognito::UserPool',
    ...Array(4).fill('AWS::DynamoDB::Table'),
    ...Array(4).fill('AWS::Logs::LogGroup'),
    'AWS::S3::Bucket',
    ...Array(2).fill('AWS::SQS::Queue'),
  ]);
  // `inlet recover` knows how each is deleted that the deletion of a failed stack has kept.
  expect(kept.filter(([, { Type }]) => deletionOf({ type: Type, name: 'it' }) === undefined)).toEqual([]);
  const names = ['TableName', 'QueueName', 'BucketName', 'LogGroupName', 'UserPoolName'];
  const named = kept.filter(([, { Properties }]) => names.some((name) => name in Properties));
  expect(named).toEqual([]);
});

test('a stage that is not production has nothing that stays', () => {
  const template = templateOf(variantOf('default'));
  expect(leftOf(template)).toEqual([]);
  expect(template.terminationProtection).toBe(false);
  const kept = Object.values(template.resources).filter(({ DeletionPolicy }) =>
    /^Retain/.test(DeletionPolicy ?? ''),
  );
  expect(kept).toEqual([]);
});
