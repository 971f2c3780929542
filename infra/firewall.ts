import { CfnIPSet, CfnWebACL } from 'aws-cdk-lib/aws-wafv2';
import type { Construct } from 'constructs';
import type { IngressConfig } from '../functions/config/config.ts';

type Firewall = NonNullable<IngressConfig['firewall']>;
type Rule = CfnWebACL.RuleProperty;

const REQUESTS_PER_ADDRESS = 10_000;

export interface Rules {
  readonly arn: string;
  /** The ACL in the dimensions of its metrics. */
  readonly acl: string;
  /** Those that can refuse a webhook, as their metrics name them. */
  readonly refusing: readonly string[];
}

/**
 * Rules in front of CloudFront: too many requests of one address, for sources with published address ranges nobody
 * else, and for all that is no webhook known bad addresses and known bad requests.
 *
 * What AWS writes never sees a webhook. Rules about bodies take payloads for attacks and new ones come unasked
 * (https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-changelog.html), and providers send
 * from addresses of clouds, which somebody else may have had before. A webhook is proven by its signature, and one that
 * is refused here is seen by nobody.
 */
export function createFirewall(scope: Construct, firewall: Firewall, acl: string): Rules {
  const { requestsPerAddress = REQUESTS_PER_ADDRESS, addresses = {} } = firewall;
  const own: Omit<Rule, 'priority' | 'visibilityConfig'>[] = [
    ...Object.entries(addresses).map(([source, ranges]) => onlyFrom(scope, source, ranges)),
    {
      name: 'requests-per-address',
      action: { block: { customResponse: { responseCode: 429 } } },
      statement: {
        rateBasedStatement: { limit: requestsPerAddress, aggregateKeyType: 'IP', evaluationWindowSec: 300 },
      },
    },
  ];
  const rules = [
    ...own,
    exceptWebhooks('AWSManagedRulesAmazonIpReputationList'),
    exceptWebhooks('AWSManagedRulesKnownBadInputsRuleSet'),
  ];
  const { attrArn: arn } = new CfnWebACL(scope, 'Firewall', {
    // The documentation takes the name of its metric for the dimension, and some accounts see its own name there.
    name: acl,
    scope: 'CLOUDFRONT',
    defaultAction: { allow: {} },
    visibilityConfig: visibility(acl),
    rules: rules.map((rule, priority) => ({ ...rule, priority, visibilityConfig: visibility(rule.name) })),
  });
  return { arn, acl, refusing: own.map(({ name }) => name) };
}

/** The path as the gateway decodes it before ingest reads it: once. */
const AS_DECODED = {
  fieldToMatch: { uriPath: {} },
  textTransformations: [{ priority: 0, type: 'URL_DECODE' }],
};

/** Refuses requests for a source from elsewhere than its provider's published ranges. */
function onlyFrom(scope: Construct, source: string, ranges: readonly string[]) {
  const set = new CfnIPSet(scope, `Addresses-${source}`, {
    scope: 'CLOUDFRONT',
    ipAddressVersion: 'IPV4',
    addresses: [...ranges],
  });
  const isItsPath = {
    // The gateway cuts a path off at a question mark that it has decoded.
    regexMatchStatement: { ...AS_DECODED, regexString: `^/webhooks/${source}(?:[/?]|$)` },
  };
  const isElsewhere = { notStatement: { statement: { ipSetReferenceStatement: { arn: set.attrArn } } } };
  return {
    name: `only-from-${source}`,
    action: { block: {} },
    statement: { andStatement: { statements: [isItsPath, isElsewhere] } },
  };
}

const isWebhook = {
  byteMatchStatement: { ...AS_DECODED, positionalConstraint: 'STARTS_WITH', searchString: '/webhooks/' },
};

/** A group of AWS's rules for the console, and for whoever tries paths. */
function exceptWebhooks(name: string) {
  return {
    name,
    overrideAction: { none: {} },
    statement: {
      managedRuleGroupStatement: {
        vendorName: 'AWS',
        name,
        scopeDownStatement: { notStatement: { statement: isWebhook } },
      },
    },
  };
}

function visibility(metricName: string) {
  return { metricName, cloudWatchMetricsEnabled: true, sampledRequestsEnabled: true };
}
