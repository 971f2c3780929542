import type { Provider } from '../pack/provider.ts';

const owners = ['Ada', 'Barbara', 'Grace', 'Katherine', 'Margaret'];
const priorities = ['Low', 'Moderate', 'Major', 'Critical'];

/** The streaming demo: a producer of random tasks. Unsigned at its origin, so here it carries a shared secret. */
export const provider: Provider = {
  name: 'tasks',
  title: 'Tasks demo',
  documentation: [],
  verification: { kind: 'shared-secret', header: 'x-inlet-secret' },
  secret: {
    description: 'Any text; the producer sends it in the header X-Inlet-Secret.',
    development: 'development-secret-of-tasks',
  },
  mayBeUnsigned: true,
  events: {
    format: 'json',
    // The id alone starts again in every batch.
    id: ['payload.batchid', 'payload.id'],
    type: () => 'task',
  },
  // Its page shows a task in blue for exactly 200.
  acknowledge: { status: 200, headers: { 'content-type': 'text/plain; charset=utf-8' }, body: 'OK' },
  retries: { schedule: 'none', timeoutSeconds: 1, periodSeconds: 0 },
  registration: ['Send each task by POST to {url} with the header X-Inlet-Secret.'],
  samples: [
    {
      type: 'task',
      headers: { 'content-type': 'application/json' },
      body: (seed) =>
        JSON.stringify({
          batchid: `33333333-3333-4333-8333-${Math.floor(seed / 100)
            .toString(16)
            .padStart(12, '0')}`,
          id: seed % 100,
          owner: owners[seed % owners.length],
          priority: priorities[(seed >> 1) % priorities.length],
        }),
    },
  ],
};
