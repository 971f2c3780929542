/** The template's own tables, queues, environment, assets and rights, driven from end to end. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { InletConfig } from '../../../functions/config/config.ts';
import { inParallel } from '../../../functions/core/in-parallel.ts';
import { queryString, savedQueries } from '../../../infra/queries.ts';
import { at, type Resource, type StackTemplate, synthesize } from '../../helpers/template.ts';
import { accessLog } from './access-log.ts';
import { type Cloud, createCloud } from './cloud.ts';
import { roleOf, startFunction } from './deployment.ts';
import { routeTo } from './gateway.ts';
import { type Row, runQuery } from './insights.ts';
import { judgeAlarms } from './judge-alarms.ts';
import { judgeMetrics } from './judge-metrics.ts';
import { dataPoints } from './metric-filters.ts';
import { metricUses } from './metric-uses.ts';
import { allows, type Right, rightsIn, rightsOf } from './policy.ts';
import { prepared } from './prepared.ts';
import { removalsFrom } from './removals.ts';
import { type Result, runScenario } from './scenario.ts';
import type { Deployment } from './site.ts';

const domain = {
  name: 'hooks.example.com',
  certificateArn: 'arn:aws:acm:us-east-1:000000000000:certificate/1-2-3',
};
let deployment: Deployment;
let result: Result;
let lines: readonly string[];
let cloud: Cloud;

beforeAll(async () => {
  deployment = await prepared();
  result = await runScenario(deployment);
  lines = Object.values(result.logs).flat();
  cloud = await createCloud(deployment.template, {});
}, 120_000);
afterAll(async () => {
  await cloud.close();
});

test('what the template declares takes events of every first source from the gateway to their fate', () => {
  expect(result.problems).toEqual([]);
  expect(Object.keys(result.calls).sort()).toEqual([
    'Console',
    'DeadLetters',
    'Ingest',
    'Operator',
    'Reader',
    'Worker',
  ]);
});

describe('a template that forgets something is noticed', () => {
  test('each right of each function is one that it uses', () => {
    const grants = removalsFrom(deployment.template).filter(({ kind }) => kind === 'grant');
    expect(grants.length).toBeGreaterThan(30);
    const unused = grants.filter(({ grant }) => {
      const calls = result.calls[grant?.role ?? ''] ?? [];
      const rights = rightsOfRole(grant?.role ?? '').filter((_, n) => n !== grant?.position);
      return calls.every((call) => allows(rights, call));
    });
    expect(unused.map(({ name }) => name)).toEqual([]);
  });

  test.each(['Reader', 'Operator'])('each right of the policy %s is one that the commands use', (name) => {
    const [[, policy] = []] = deployment.template
      .ofType('AWS::IAM::ManagedPolicy')
      .filter(([id]) => id.startsWith(`Access${name}`));
    const rights = policy ? rightsIn(policy, cloud.resolve) : [];
    expect(rights.length).toBeGreaterThan(14);
    const calls = result.calls[name] ?? [];
    const unused = rights.filter((right) => !calls.some((call) => allows([right], call)));
    expect(unused).toEqual([]);
  });

  test('each environment variable is one without which its function does not start', async () => {
    const missed: string[] = [];
    const variables = removalsFrom(deployment.template).filter(({ kind }) => kind === 'variable');
    expect(variables.length).toBeGreaterThan(20);
    await inParallel(variables, 3, async ({ name, template }) => {
      const fn = functionOf(template, name.split(' ')[0] ?? '');
      const started = await startFunction(template, deployment.assets, cloud, fn).catch(() => undefined);
      if (!started) return;
      missed.push(name);
      await Promise.all([started.process.stop(), started.door.close()]);
    });
    expect(missed).toEqual([]);
  }, 120_000);

  test('without its layer the console has no page', async () => {
    const layers = removalsFrom(deployment.template).filter(({ kind }) => kind === 'layer');
    expect(layers.map(({ name }) => name)).toEqual(['Console']);
    for (const { name, template } of layers)
      await expect(
        startFunction(template, deployment.assets, cloud, functionOf(template, name)),
      ).rejects.toThrow('no layer brings /opt/console.json');
  });

  test('each metric filter is one without which a metric is wrong', () => {
    const filters = removalsFrom(deployment.template).filter(({ kind }) => kind === 'metric filter');
    expect(filters.length).toBeGreaterThan(10);
    const missed = filters.filter(({ template }) => judgeMetrics(template, result.logs).length === 0);
    expect(missed.map(({ name }) => name)).toEqual([]);
  });

  test('without the index no event is listed, without its event source none is processed', async () => {
    const removals = removalsFrom(deployment.template).filter(
      ({ kind }) => kind === 'index' || kind === 'event source',
    );
    expect(removals.map(({ kind }) => kind)).toEqual(['index', 'event source', 'event source']);
    const [index] = removals;
    const template = index?.template ?? deployment.template;
    const { problems } = await runScenario({ ...deployment, template }, { isOverAtFirst: true });
    expect(problems).not.toEqual([]);
  });
});

describe('metrics, made of the lines that the functions have written', () => {
  test('have bounded dimensions: sources, outcomes, and the reasons of a rejection', () => {
    const { template } = deployment;
    const points = dataPoints(template, { ...result.logs, ...accessLog(template) });
    const dimensions = new Set(points.map(({ dimensions }) => Object.keys(dimensions).join()));
    expect([...dimensions].sort()).toEqual([
      '',
      'outcome',
      'outcome,reason',
      'source,claim',
      'source,outcome',
    ]);
    const values = (name: string) => new Set(points.flatMap(({ dimensions }) => dimensions[name] ?? []));
    expect([...values('source')].sort()).toEqual(Object.keys(deployment.config.sources).sort());
    // A reason is a word of the code, never a sentence or an id.
    for (const value of [...values('reason'), ...values('outcome')]) expect(value).toMatch(/^[a-z-]{2,24}$/);
  });

  test('are what alarms and the dashboard look at', () => {
    const uses = metricUses(deployment.template);
    expect(uses.filter(({ by }) => by.startsWith('Operations')).length).toBeGreaterThan(7);
    expect(uses.filter(({ dimensions }) => dimensions.source === '*')).toHaveLength(2);
    expect(judgeMetrics(deployment.template, result.logs)).toEqual([]);
  });

  test.each([
    ['an outcome that nothing has', '"Value":"dead"', '"Value":"died"'],
    ['a dimension that is not there', ',outcome,source}', ',outcome,tenant}'],
    ['a reason that nothing has', 'unknown-source', 'unknown'],
    ['answers to whatever was asked', '"/webhooks/*', '"*'],
    [
      'a status that a text of its line may hide',
      '$context.error.responseType',
      '$context.integrationErrorMessage',
    ],
    ['another namespace', '"unconfirmed","Namespace":"Inlet/dev"', '"unconfirmed","Namespace":"Inlet"'],
  ])('looking at %s is noticed', (_, text, other) => {
    expect(judgeMetrics(templateWith(text, other), result.logs)).not.toEqual([]);
  });
});

describe('alarms', () => {
  test('ring at the first thing that they are there for', () => {
    expect(judgeAlarms(deployment.template, result.logs)).toEqual([]);
  });

  test.each<[string, InletConfig['ingress']]>([
    ['with a function URL', { via: 'function-url' }],
    ['behind CloudFront', { domain, firewall: { addresses: { tasks: ['192.0.2.0/24'] } } }],
  ])('ring likewise %s', (_, ingress) => {
    const template = synthesize({ ...deployment.config, ...(ingress && { ingress }) });
    expect(judgeAlarms(template, result.logs)).toEqual([]);
  });

  test.each([
    ['filling up what was never given', 'IF(rejections', 'IF(FILL(rejections, 0)'],
    ['calculating with what may have no data', '"DefaultValue":0,', ''],
    ['a threshold that is never reached', '"Threshold":20', '"Threshold":200'],
    ['an alarm that nobody knows', 'Inlet-dev-DeadEvents', 'Inlet-dev-Events'],
  ])('%s is noticed', (_, text, other) => {
    expect(judgeAlarms(templateWith(text, other), result.logs)).not.toEqual([]);
  });
});

describe('saved queries, over the lines that the functions have written', () => {
  const run = (name: string, id?: string) => {
    const query = savedQueries.find((query) => query.name === name);
    const log = lines.map((line) => JSON.parse(line) as Row);
    return runQuery(
      (query?.lines ?? []).map((line) => line.replaceAll('<id>', id ?? '')),
      log,
    );
  };

  test('One event by id: from ingest into the worker, and its parts', () => {
    const rows = run('One event by id', 'batched-1');
    expect(rows.map(({ function: name, outcome }) => `${name} ${outcome}`)).toContain('worker applied');
    const [{ id } = {}] = lines
      .map((line) => JSON.parse(line) as Row)
      .filter(({ outcome, source }) => outcome === 'accepted' && source === 'chargify');
    const whole = run('One event by id', String(id)).map(({ function: name }) => name);
    expect(new Set(whole)).toEqual(new Set(['ingest', 'worker']));
  });

  test('Rejections by reason and source: a forged request of each, and what claims to be of none', () => {
    const asked = ['unknown-source', 'method'];
    const rows = run('Rejections by reason and source');
    const forged = rows.filter(({ reason }) => !asked.includes(String(reason)));
    expect(forged.map(({ source }) => source).sort()).toEqual(Object.keys(deployment.config.sources).sort());
    for (const row of forged) expect(row).toMatchObject({ reason: expect.any(String), requests: 1 });
    expect(rows).toContainEqual({ reason: 'unknown-source', source: undefined, requests: 2 });
    expect(rows).toContainEqual({ reason: 'method', source: 'tasks', requests: 1 });
  });

  test('Slowest acknowledgements: slowest first', () => {
    const times = run('Slowest acknowledgements').map(({ ms }) => Number(ms));
    expect(times).toHaveLength(50);
    expect(times).toEqual(times.toSorted((a, b) => b - a));
  });

  test('Stale by source', () => {
    const [first] = run('Stale by source');
    expect(first).toEqual({ source: expect.any(String), events: expect.any(Number) });
  });

  test('Handler errors: with the reason', () => {
    expect(run('Handler errors')).toContainEqual(
      expect.objectContaining({
        source: 'chargify',
        outcome: 'dead',
        reason: expect.stringContaining('customer id'),
      }),
    );
  });

  test('are all of them, and in the template', () => {
    const tested = [
      'One event by id',
      'Rejections by reason and source',
      'Slowest acknowledgements',
      'Stale by source',
      'Handler errors',
    ];
    expect(savedQueries.map(({ name }) => name)).toEqual(tested);
    const declared = deployment.template
      .ofType('AWS::Logs::QueryDefinition')
      .map(([, { Properties }]) => Properties);
    expect(declared.map(({ QueryString }) => QueryString)).toEqual(savedQueries.map(queryString));
  });
});

test('no line holds a secret, a signature or a payload', () => {
  const text = lines.join('');
  for (const secret of Object.values(deployment.secrets)) expect(text).not.toContain(secret);
  // The last is how a token begins.
  expect(text).not.toMatch(/"Ada"|x-comapi-signature|bearer |eyJ/i);
});

test('the gateway may call what its routes lead to', () => {
  for (const path of ['/webhooks/dotdigital', '/webhooks/fortellis/event/channel', '/health', '/else'])
    expect(routeTo(deployment.template, cloud, 'GET', path)).toMatch(/^IngressIngest/);
  for (const path of ['/console', '/console/events', '/api/audit'])
    expect(routeTo(deployment.template, cloud, 'GET', path)).toMatch(/^Console/);
});

/** The template with another text in its resources. */
function templateWith(text: string, other: string): StackTemplate {
  const whole = JSON.stringify(deployment.template.resources);
  expect(whole).toContain(text);
  const resources: StackTemplate['resources'] = JSON.parse(whole.replaceAll(text, other));
  const ofType: StackTemplate['ofType'] = (type) =>
    Object.entries(resources).filter(([, { Type }]) => Type === type);
  return { ...deployment.template, resources, ofType };
}

/** The rights of a role, with this cloud's names. */
function rightsOfRole(role: string): readonly Right[] {
  const { template } = deployment;
  const [, { Properties }] = functionOf(template, role);
  return rightsOf(template, String(at(Properties, 'Role.Fn::GetAtt.0')), cloud.resolve);
}

function functionOf(template: StackTemplate, role: string): readonly [string, Resource] {
  const found = template.ofType('AWS::Lambda::Function').find(([id]) => roleOf(id) === role);
  if (!found) throw new Error(`there is no function ${role}`);
  return found;
}
