import { jest } from '@jest/globals';
import { catchVariant, variants } from './variants.ts';
import { World } from './world.ts';

/** They compute much and wait for nothing; a busy machine only makes them slow. */
jest.setTimeout(180_000);

let world: World;

beforeAll(async () => {
  world = await World.start();
});

afterAll(() => world.stop());

test.each(variants)('noticed: $name', async (variant) => {
  const trace = await catchVariant(world, variant);
  expect(trace).toContain('VIOLATION');
});
