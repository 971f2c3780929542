/** CloudFront with its firewall in front: what it refuses, what ingest refuses beside it, and who is called. */
import { describe, expect, test } from '@jest/globals';
import type { IngressConfig, InletConfig } from '../../../functions/config/config.ts';
import { Env, FRONT_HEADER } from '../../../functions/core/names.ts';
import { matchWebhookPath } from '../../../functions/ingest/gateway-request.ts';
import { decodePath, percentDecode } from '../../../local/gateway-event.ts';
import { at, type StackTemplate, synthesize } from '../../helpers/template.ts';
import { only, properties } from './resources.ts';

const sources: InletConfig['sources'] = { tasks: { provider: 'tasks' } };
const domain = {
  name: 'hooks.example.com',
  certificateArn: 'arn:aws:acm:us-east-1:000000000000:certificate/1-2-3',
};
const withFirewall = (firewall: IngressConfig['firewall']) =>
  synthesize({ sources, ingress: { domain, ...(firewall && { firewall }) } });
const template = withFirewall({ addresses: { tasks: ['192.0.2.0/24'] } });

test('no rule that AWS writes and changes ever sees a webhook', () => {
  const rules = only(template, 'AWS::WAFv2::WebACL')?.Rules as readonly object[];
  const managed = rules
    .map((rule) => at(rule, 'Statement.ManagedRuleGroupStatement'))
    .filter((statement) => statement !== undefined);
  expect(managed).toHaveLength(2);
  for (const statement of managed) {
    const { ByteMatchStatement: match } = at(
      statement,
      'ScopeDownStatement.NotStatement.Statement',
    ) as Record<string, unknown>;
    expect(match).toMatchObject({
      FieldToMatch: { UriPath: {} },
      PositionalConstraint: 'STARTS_WITH',
      SearchString: '/webhooks/',
      TextTransformations: [{ Type: 'URL_DECODE' }],
    });
  }
});

describe('the address list of a source sees every request that ingest takes for it', () => {
  /** As WAF does: the path of the request line, decoded once, against the pattern. */
  const isSeen = (path: string) => {
    const rules = only(template, 'AWS::WAFv2::WebACL')?.Rules as readonly object[];
    const { RegexString, TextTransformations } = at(
      rules.find((rule) => at(rule, 'Name') === 'only-from-tasks'),
      'Statement.AndStatement.Statements.0.RegexMatchStatement',
    ) as { RegexString: string; TextTransformations: unknown };
    expect(TextTransformations).toEqual([{ Priority: 0, Type: 'URL_DECODE' }]);
    return new RegExp(RegexString).test(percentDecode(path));
  };
  /** As the gateway hands it to ingest. */
  const isTaken = (path: string) => matchWebhookPath(decodePath(path))?.source === 'tasks';

  test.each<[string, boolean]>([
    ['/webhooks/tasks', true],
    ['/webhooks/tasks/', true],
    ['/webhooks/tasks/event', true],
    ['/webhooks/%74asks', true],
    ['/webhooks%2Ftasks', true],
    ['/webhooks/tasks%2Fevent', true],
    ['/webhooks/tasks%3Fevent', true],
    ['/webhooks/tasks%3F', true],
    ['/webhooks/%2574asks', false],
    ['/webhooks/%252574asks', false],
    ['/webhooks/tasks%252Fevent', false],
    ['/webhooks/tasks%253Fevent', false],
    ['/webhooks/tasks%23event', false],
    ['/webhooks/tasks%00', false],
    ['/webhooks/tasks%20', false],
    ['/webhooks/Tasks', false],
    ['/webhooks//tasks', false],
    ['/webhooks/./tasks', false],
    ['/webhooks/x/../tasks', false],
    ['//webhooks/tasks', false],
  ])('%s: %s', (path, isOfSource) => {
    expect([isTaken(path), isTaken(path) && !isSeen(path)]).toEqual([isOfSource, false]);
  });
});

describe('what comes beside CloudFront', () => {
  const secretsOf = (of: StackTemplate) => {
    const [ingest] = of.ofType('AWS::Lambda::Function').filter(([id]) => id.startsWith('IngressIngest'));
    const headers = at(
      only(of, 'AWS::CloudFront::Distribution'),
      'DistributionConfig.Origins.0.OriginCustomHeaders',
    ) as readonly { HeaderName: string; HeaderValue: unknown }[];
    /** Of logical ids, which end in eight characters: the numbers of the secrets. */
    const numbersIn = (value: unknown) =>
      [...JSON.stringify(value).matchAll(/"Ref":"IngressFrontSecret(\d+)[0-9A-F]{8}"/g)].map(([, number]) =>
        Number(number),
      );
    return {
      ingest: ingest?.[1],
      header: headers.map(({ HeaderName }) => HeaderName),
      said: numbersIn(headers[0]?.HeaderValue),
      taken: numbersIn(at(ingest?.[1], `Properties.Environment.Variables.${Env.frontSecrets}`)),
    };
  };

  test('does not know the secret that the distribution says, and that the template does not hold', () => {
    const { header, said, taken } = secretsOf(template);
    expect(header).toEqual([FRONT_HEADER]);
    expect(said).toEqual([1]);
    expect(taken).toEqual([1, 2]);
    for (const { GenerateSecretString } of properties(template, 'AWS::SecretsManager::Secret'))
      expect(GenerateSecretString).toEqual({ PasswordLength: 48, ExcludePunctuation: true });
    expect(template.text).toContain('{{resolve:secretsmanager:');
  });

  test('is refused only once every edge says it: ingest changes after the distribution', () => {
    const [[distribution] = []] = template.ofType('AWS::CloudFront::Distribution');
    expect(secretsOf(template).ingest?.DependsOn).toContain(distribution);
    expect(cycleIn(template)).toBeUndefined();
  });

  test('is refused all through a rotation: what is said next is taken before', () => {
    const { said, taken } = secretsOf(withFirewall({ secret: 2 }));
    expect(said).toEqual([2]);
    expect(taken).toEqual([2, 3]);
  });

  test('is let in where nothing is in front', () => {
    expect(synthesize({ sources, ingress: { domain } }).text).not.toContain(Env.frontSecrets);
  });
});

describe('somebody is called', () => {
  const alarms = (of: StackTemplate) =>
    properties(of, 'AWS::CloudWatch::Alarm')
      .map(({ AlarmName, Metrics }) => ({ AlarmName, ...(at(Metrics, '0.MetricStat.Metric') as object) }))
      .filter((alarm) => /CloudFront|WAFV2/.test(JSON.stringify(alarm)));

  test('for errors at the edge, and for what the firewall keeps from ingest', () => {
    const [[distribution] = []] = template.ofType('AWS::CloudFront::Distribution');
    const dimensions = (rule: string) => [
      { Name: 'Rule', Value: rule },
      { Name: 'WebACL', Value: 'Inlet-dev' },
    ];
    expect(alarms(template)).toEqual([
      {
        AlarmName: 'Inlet-dev-EdgeErrors',
        Namespace: 'AWS/CloudFront',
        MetricName: '5xxErrorRate',
        Dimensions: [
          { Name: 'DistributionId', Value: { Ref: distribution } },
          { Name: 'Region', Value: 'Global' },
        ],
      },
      ...['only-from-tasks', 'requests-per-address'].map((rule) => ({
        Namespace: 'AWS/WAFV2',
        AlarmName: `Inlet-dev-FirewallBlocks-${rule}`,
        MetricName: 'BlockedRequests',
        Dimensions: dimensions(rule),
      })),
    ]);
    // The dimension is the name of the metric, or of the ACL: they are the same.
    const acl = only(template, 'AWS::WAFv2::WebACL');
    expect([acl?.Name, at(acl, 'VisibilityConfig.MetricName')]).toEqual(['Inlet-dev', 'Inlet-dev']);
  });

  test('not where there is no edge', () => {
    expect(alarms(synthesize({ sources, ingress: { domain } }))).toEqual([]);
  });
});

/** Resources that wait for each other: CloudFormation would refuse the template. */
function cycleIn({ resources }: StackTemplate): readonly string[] | undefined {
  const needs = Object.fromEntries(
    Object.entries(resources).map(([id, { Properties, DependsOn = [] }]) => {
      const text = JSON.stringify(Properties ?? {});
      const used = [...text.matchAll(/"(?:Ref":|Fn::GetAtt":\[)"(\w+)"/g)].map(([, name = '']) => name);
      return [id, [...new Set([...used, ...[DependsOn].flat()])].filter((name) => name in resources)];
    }),
  );
  const done = new Set<string>();
  const visit = (id: string, path: readonly string[]): readonly string[] | undefined => {
    if (path.includes(id)) return [...path, id];
    if (done.has(id)) return undefined;
    for (const need of needs[id] ?? []) {
      const cycle = visit(need, [...path, id]);
      if (cycle) return cycle;
    }
    done.add(id);
    return undefined;
  };
  for (const id of Object.keys(resources)) {
    const cycle = visit(id, []);
    if (cycle) return cycle;
  }
  return undefined;
}
