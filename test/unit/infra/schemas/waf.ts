import { isObject } from '../../../../functions/core/is-object.ts';
import { list } from './measure.ts';

/** Capacity units of the rule groups in use (https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-list.html). */
const GROUPS: Readonly<Record<string, number>> = {
  AWSManagedRulesAmazonIpReputationList: 25,
  AWSManagedRulesKnownBadInputsRuleSet: 200,
};

type Statement = Readonly<Record<string, unknown>>;

/**
 * Capacity units of a web ACL, by the pages of the statements
 * (https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-statements-list.html). Each text transformation counts
 * anew, though WAF may apply one for several statements.
 * @throws Error for a kind of statement whose capacity is not written down here.
 */
export function capacity(acl: unknown): number {
  return list(acl, 'Rules').reduce<number>(
    (sum, rule) => sum + ofStatement((rule as Statement).Statement),
    0,
  );
}

/** The strings and patterns that requests are compared with. */
export function searchStrings(value: unknown): readonly string[] {
  if (!isObject(value) && !Array.isArray(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    key === 'SearchString' || key === 'RegexString' ? [String(inner)] : searchStrings(inner),
  );
}

function ofStatement(statement: unknown): number {
  const [[kind, content] = ['nothing', {}]] = Object.entries(statement as Record<string, Statement>);
  const inner = [...list(content, 'Statements'), content.Statement, content.ScopeDownStatement].filter(
    isObject,
  );
  return own(kind, content) + inner.reduce((sum, it) => sum + ofStatement(it), 0);
}

function own(kind: string, content: Statement): number {
  switch (kind) {
    case 'AndStatement':
    case 'OrStatement':
    case 'NotStatement':
      return 0;
    case 'IPSetReferenceStatement':
    case 'LabelMatchStatement':
      return 1;
    case 'RateBasedStatement':
      return 2 + 30 * list(content, 'CustomKeys').length;
    case 'ByteMatchStatement':
      return (
        (/^CONTAINS/.test(String(content.PositionalConstraint)) ? 10 : 2) +
        10 * list(content, 'TextTransformations').length
      );
    case 'RegexMatchStatement':
      return 3 + 10 * list(content, 'TextTransformations').length;
    case 'ManagedRuleGroupStatement': {
      const units = GROUPS[String(content.Name)];
      if (units !== undefined) return units;
      throw new Error(
        `the capacity of ${content.Name} is not written down in test/unit/infra/schemas/waf.ts`,
      );
    }
    default:
      throw new Error(`the capacity of a ${kind} is not written down in test/unit/infra/schemas/waf.ts`);
  }
}
