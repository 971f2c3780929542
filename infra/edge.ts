/** What is watched where CloudFront stands in front. Its metrics, and those of its firewall, are in us-east-1. */
import { Duration } from 'aws-cdk-lib';
import { Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { AlarmRule } from './alarm-rule.ts';
import type { Front } from './front.ts';

const PERIOD = Duration.minutes(5);

/**
 * Answers of a status in percent of all, at the edge
 * (https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/programming-cloudwatch-metrics.html).
 */
export function errorRate({ distribution }: Front, status: '4xx' | '5xx'): Metric {
  return new Metric({
    namespace: 'AWS/CloudFront',
    metricName: `${status}ErrorRate`,
    dimensionsMap: { DistributionId: distribution.distributionId, Region: 'Global' },
    statistic: Stats.AVERAGE,
    period: PERIOD,
    label: `${status} (%)`,
  });
}

/**
 * Requests that a rule of the firewall has refused. The ACL of a distribution has no region among its dimensions
 * (https://docs.aws.amazon.com/waf/latest/developerguide/waf-metrics.html).
 */
export function refusedBy({ acl }: Front, rule: string): Metric {
  return new Metric({
    namespace: 'AWS/WAFV2',
    metricName: 'BlockedRequests',
    dimensionsMap: { WebACL: acl, Rule: rule },
    statistic: Stats.SUM,
    period: PERIOD,
    label: rule,
  });
}

/** What the gateway and ingest behind it never see. */
export function edgeRules(front: Front): readonly AlarmRule[] {
  return [
    {
      name: 'EdgeErrors',
      meaning:
        'One answer in twenty at the edge is 5xx: CloudFront does not reach the gateway, or Inlet fails.',
      metric: errorRate(front, '5xx'),
      from: 5,
      periods: 2,
    },
    ...front.refusing.map(
      (rule): AlarmRule => ({
        name: 'FirewallBlocks',
        part: rule,
        meaning: 'The firewall refuses requests that may be webhooks: nobody else sees them.',
        metric: refusedBy(front, rule),
        from: 5,
      }),
    ),
  ];
}
