/** Histories that broke the promise once, each with what was wrong then. */
import { jest } from '@jest/globals';
import { explore } from './explore.ts';
import { scenarioNamed } from './scenarios.ts';
import { World } from './world.ts';

/** They compute much and wait for nothing; a busy machine only makes them slow. */
jest.setTimeout(180_000);

let world: World;

beforeAll(async () => {
  world = await World.start();
});

afterAll(() => world.stop());

test('a batch that was given up and is split by another copy of its message does not stay dead', async () => {
  // The ledger let only `applied` replace `dead`, so the audit counted a dead delivery beside its settled events.
  const plan = { faults: 0, switches: 0 };
  const { failures } = await explore(world, scenarioNamed('worker-split-dead'), plan, 1);
  expect(failures).toEqual([]);
});

test('a redrive whose first answer is lost sends its event', async () => {
  // The SDK's second attempt found the entry reopened, took it for somebody else's work and sent nothing: the
  // event stayed in flight with no message, and the caller was told that all was well.
  const plan = { faults: 1, switches: 0, most: 120 };
  const { failures } = await explore(world, scenarioNamed('worker-redrive'), plan, 1);
  expect(failures).toEqual([]);
});
