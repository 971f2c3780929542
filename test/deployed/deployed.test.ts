/** The template's own tables, queues, environment, assets and rights, driven from end to end. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { queryString, savedQueries } from '../../infra/queries.ts';
import { at } from '../helpers/template.ts';
import { type Cloud, createCloud } from './cloud.ts';
import { ROLES, routeTo, startFunction } from './deployment.ts';
import { type Row, runQuery } from './insights.ts';
import { allows, type Right, rightsOf } from './policy.ts';
import { prepare } from './prepare.ts';
import { removalsFrom } from './removals.ts';
import { type Deployment, type Result, runScenario } from './scenario.ts';

const assets = mkdtempSync(join(tmpdir(), 'inlet-deployed-'));
let deployment: Deployment;
let result: Result;
let cloud: Cloud;

beforeAll(async () => {
  deployment = prepare(assets);
  result = await runScenario(deployment);
  cloud = await createCloud(deployment.template, {});
}, 60_000);
afterAll(async () => {
  await cloud.close();
  rmSync(assets, { recursive: true });
});

test('what the template declares takes events of every first source from the gateway to their fate', () => {
  expect(result.problems).toEqual([]);
  expect(Object.keys(result.calls).sort()).toEqual(['DeadLetters', 'Ingest', 'Worker']);
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

  test('each environment variable is one without which its function does not start, or says less', async () => {
    const missed: string[] = [];
    for (const { name, template } of removalsFrom(deployment.template).filter(
      ({ kind }) => kind === 'variable',
    )) {
      const [role, variable] = name.split(' ');
      const fn = template.ofType('AWS::Lambda::Function').find(([id]) => ROLES.exec(id)?.[1] === role);
      if (!fn || variable === 'METRICS_NAMESPACE') continue;
      const started = await startFunction(template, assets, cloud, fn).catch(() => undefined);
      if (!started) continue;
      missed.push(name);
      await Promise.all([started.process.stop(), started.door.close()]);
    }
    expect(missed).toEqual([]);
    // The one that a function runs without.
    for (const role of ['ingest', 'worker', 'dead-letters'])
      expect(
        result.lines.some((line) => line.includes(`"function":"${role}"`) && line.includes('"_aws"')),
      ).toBe(true);
  });

  test('without the index no event is listed, without its event source none is processed', async () => {
    const removals = removalsFrom(deployment.template).filter(
      ({ kind }) => kind === 'index' || kind === 'event source',
    );
    expect(removals.map(({ kind }) => kind)).toEqual(['index', 'event source', 'event source']);
    const [index] = removals;
    const { problems } = await runScenario({
      ...deployment,
      template: index?.template ?? deployment.template,
    });
    expect(problems).not.toEqual([]);
  });
});

describe('saved queries, over the lines that the functions have written', () => {
  const run = (name: string, id?: string) => {
    const query = savedQueries.find((query) => query.name === name);
    const log = result.lines.map((line) => JSON.parse(line) as Row);
    return runQuery(
      (query?.lines ?? []).map((line) => line.replaceAll('<id>', id ?? '')),
      log,
    );
  };

  test('One event by id: from ingest into the worker, and its parts', () => {
    const rows = run('One event by id', 'batched-1');
    expect(rows.map(({ function: name, outcome }) => `${name} ${outcome}`)).toContain('worker applied');
    const [{ delivery } = {}] = result.lines
      .map((line) => JSON.parse(line) as Row)
      .filter(({ outcome, source }) => outcome === 'accepted' && source === 'chargify');
    const whole = run('One event by id', String(delivery)).map(({ function: name }) => name);
    expect(new Set(whole)).toEqual(new Set(['ingest', 'worker']));
  });

  test('Rejections by reason and source: a forged request of each', () => {
    const rows = run('Rejections by reason and source');
    expect(rows.map(({ source }) => source).sort()).toEqual(Object.keys(deployment.config.sources).sort());
    for (const row of rows) expect(row).toMatchObject({ reason: expect.any(String), requests: 1 });
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

test('a line carries its metrics in less than 180 bytes', () => {
  for (const line of result.lines.filter((line) => line.includes('"_aws"'))) {
    const { _aws, ...rest } = JSON.parse(line) as Row;
    if (rest.outcome === 'accepted' || rest.outcome === 'applied')
      expect(line.length - JSON.stringify(rest).length).toBeLessThan(180);
  }
});

test('no line holds a secret, a signature or a payload', () => {
  const text = result.lines.join('');
  for (const secret of Object.values(deployment.secrets)) expect(text).not.toContain(secret);
  expect(text).not.toMatch(/"Ada"|x-comapi-signature|bearer /i);
});

test('the gateway may call what its routes lead to', () => {
  for (const path of ['/webhooks/dotdigital', '/webhooks/fortellis/event/channel', '/health', '/else'])
    expect(routeTo(deployment.template, cloud, 'GET', path)).toMatch(/^IngressIngest/);
});

/** The rights of a role, with this cloud's names. */
function rightsOfRole(role: string): readonly Right[] {
  const { template } = deployment;
  const [, fn] = template.ofType('AWS::Lambda::Function').find(([id]) => ROLES.exec(id)?.[1] === role) ?? [];
  return rightsOf(template, String(at(fn?.Properties, 'Role.Fn::GetAtt.0')), cloud.resolve);
}
