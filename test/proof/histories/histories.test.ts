import { jest } from '@jest/globals';
import { Replay } from './choices.ts';
import { explain, explore } from './explore.ts';
import { boundedRuns } from './plans.ts';
import { runHistory } from './scenario.ts';
import { scenarioNamed } from './scenarios.ts';
import { World } from './world.ts';

/** They compute much and wait for nothing; a busy machine only makes them slow. */
jest.setTimeout(180_000);

let world: World;

beforeAll(async () => {
  world = await World.start();
});

afterAll(() => world.stop());

test.each(boundedRuns)('$scenario.name: $scenario.about', async ({ scenario, plan }) => {
  const { failures, histories } = await explore(world, scenario, plan, 1);
  expect(failures.map((failure) => explain(scenario, plan, failure))).toEqual([]);
  expect(histories).toBeGreaterThan(0);
});

test('every single fault in every step of ingest, without overtaking', async () => {
  const plan = { faults: 1, switches: 0 };
  const { failures, exhausted } = await explore(world, scenarioNamed('ingest-copies'), plan, 1);
  expect(failures).toEqual([]);
  expect(exhausted).toBe(true);
});

test('the same choices give the same history', async () => {
  const scenario = scenarioNamed('both-effects');
  const choices = [0, 1, 3, 0, 2, 0, 1, 0, 0, 4];
  const limits = { faults: 3, switches: 3 };
  const first = await runHistory(world, scenario, new Replay(choices), limits);
  const second = await runHistory(world, scenario, new Replay(choices), limits);
  expect(second.trace).toEqual(first.trace);
});
