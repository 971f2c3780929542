import { Stack } from 'aws-cdk-lib';
import { CfnIPSet, CfnWebACL } from 'aws-cdk-lib/aws-wafv2';
import type { Construct } from 'constructs';
import type { IngressConfig } from '../functions/shared/config.ts';

type Firewall = NonNullable<IngressConfig['firewall']>;
type Rule = CfnWebACL.RuleProperty;

const REQUESTS_PER_ADDRESS = 10_000;

/**
 * Rules in front of CloudFront: known bad addresses, known bad requests, too many of one address, and for sources with
 * published address ranges nobody else.
 *
 * Not AWS's common rule set: it refuses bodies above 8 KB and bodies that look like scripts, which webhooks may be
 * (https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-baseline.html). For the same reason
 * the rules about bodies of the known bad inputs only count.
 */
export function createFirewall(scope: Construct, firewall: Firewall): CfnWebACL {
  const { requestsPerAddress = REQUESTS_PER_ADDRESS, addresses = {} } = firewall;
  const rules: Omit<Rule, 'priority' | 'visibilityConfig'>[] = [
    ...Object.entries(addresses).map(([source, ranges]) => onlyFrom(scope, source, ranges)),
    managed('AWSManagedRulesAmazonIpReputationList', []),
    managed('AWSManagedRulesKnownBadInputsRuleSet', ['JavaDeserializationRCE_BODY', 'Log4JRCE_BODY']),
    {
      name: 'requests-per-address',
      action: { block: { customResponse: { responseCode: 429 } } },
      statement: {
        rateBasedStatement: { limit: requestsPerAddress, aggregateKeyType: 'IP', evaluationWindowSec: 300 },
      },
    },
  ];
  return new CfnWebACL(scope, 'Firewall', {
    scope: 'CLOUDFRONT',
    defaultAction: { allow: {} },
    visibilityConfig: visibility(Stack.of(scope).stackName),
    rules: rules.map((rule, priority) => ({ ...rule, priority, visibilityConfig: visibility(rule.name) })),
  });
}

/** Refuses requests for a source from elsewhere than its provider's published ranges. */
function onlyFrom(scope: Construct, source: string, ranges: readonly string[]) {
  const set = new CfnIPSet(scope, `Addresses-${source}`, {
    scope: 'CLOUDFRONT',
    ipAddressVersion: 'IPV4',
    addresses: [...ranges],
  });
  const path = (positionalConstraint: string, searchString: string) => ({
    byteMatchStatement: {
      fieldToMatch: { uriPath: {} },
      positionalConstraint,
      searchString,
      // As the gateway decodes the path before ingest reads it.
      textTransformations: [{ priority: 0, type: 'URL_DECODE' }],
    },
  });
  const isItsPath = {
    orStatement: {
      statements: [path('EXACTLY', `/webhooks/${source}`), path('STARTS_WITH', `/webhooks/${source}/`)],
    },
  };
  const isElsewhere = { notStatement: { statement: { ipSetReferenceStatement: { arn: set.attrArn } } } };
  return {
    name: `only-from-${source}`,
    action: { block: {} },
    statement: { andStatement: { statements: [isItsPath, isElsewhere] } },
  };
}

function managed(name: string, counted: readonly string[]) {
  return {
    name,
    overrideAction: { none: {} },
    statement: {
      managedRuleGroupStatement: {
        vendorName: 'AWS',
        name,
        ruleActionOverrides: counted.map((rule) => ({ name: rule, actionToUse: { count: {} } })),
      },
    },
  };
}

function visibility(metricName: string) {
  return { metricName, cloudWatchMetricsEnabled: true, sampledRequestsEnabled: true };
}
