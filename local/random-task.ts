import type { Faker } from '@faker-js/faker';
import type { Draft } from './samples.ts';

const PRIORITIES = ['Low', 'Moderate', 'Major', 'Critical'];

let faker: Promise<Faker> | undefined;

/** Random tasks of the streaming demo, as its producer makes them: the same seed gives the same tasks. */
export async function randomTasks(seed: number, count: number): Promise<Draft[]> {
  // Loaded when somebody sends tasks: it is large, and nothing else needs it.
  faker ??= import('@faker-js/faker').then((module) => module.faker);
  const random = await faker;
  random.seed(seed);
  const batchid = random.string.uuid();
  return Array.from({ length: count }, (_, id) => ({
    type: 'task',
    subpath: '',
    headers: { 'content-type': 'application/json' },
    body: Buffer.from(
      JSON.stringify({
        batchid,
        id,
        owner: random.person.fullName(),
        priority: random.helpers.arrayElement(PRIORITIES),
      }),
    ),
  }));
}
