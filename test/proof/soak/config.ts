import type { InletConfig, SourceConfig } from '../../../functions/config/config.ts';
import { seededRandom } from '../../../local/random.ts';

/** What the soak sends to: one source for each thing that can happen to an event. */
export const SOURCES = {
  /** Revisions, batches, nothing given up. */
  dotdigital: { provider: 'dotdigital' },
  /** The handler that comes with Inlet. */
  chargify: { provider: 'chargify', handler: 'fulfil-order', timeoutSeconds: 1 },
  stripe: { provider: 'stripe' },
  /** Revisions and a handler that fails, hangs and gives up, which wants the newest or every event. */
  orders: {
    provider: 'tasks',
    mode: 'latest',
    subject: 'payload.order',
    revision: 'payload.rev',
    handler: 'soak',
    timeoutSeconds: 1,
    attempts: 3,
  },
  /** Bodies that do not fit into a message, or not into a table. */
  large: { provider: 'tasks', handler: 'soak', timeoutSeconds: 1 },
  /** Its handler comes and goes with the configuration. */
  tasks: { provider: 'tasks', handler: 'soak', timeoutSeconds: 1 },
  /** One of its owners is known, one when the configuration names it, one is a stranger. */
  owned: { provider: 'github', delivery: 'header.x-github-delivery', tenants: { known: { name: 'Known' } } },
  /** Its subject changes with the configuration. */
  moving: { provider: 'tasks', subject: 'payload.order', revision: 'payload.rev' },
} as const satisfies InletConfig['sources'];

export type SourceName = keyof typeof SOURCES;

/** Fewest attempts after which a failing event of `orders` is dead, under any configuration. */
export const ATTEMPTS = SOURCES.orders.attempts;

type Change = Pick<InletConfig, 'economy' | 'listing' | 'archive' | 'storedFormat'> & {
  readonly sources?: Readonly<Partial<Record<SourceName, SourceConfig>>>;
};

/** What may change, each by itself, and everything in between is allowed by the promises. */
const CHANGES: Readonly<Record<string, readonly Change[]>> = {
  handler: [{ sources: { tasks: { provider: 'tasks' } } }],
  subject: [
    { sources: { moving: { provider: 'tasks', subject: 'payload.owner', revision: 'payload.rev' } } },
    { sources: { moving: { ...SOURCES.moving, mode: 'each' } } },
  ],
  tenants: [
    {
      sources: {
        owned: { ...SOURCES.owned, tenants: { known: { name: 'Known' }, later: { name: 'Later' } } },
      },
    },
  ],
  attempts: [{ sources: { orders: { ...SOURCES.orders, attempts: ATTEMPTS + 1, timeoutSeconds: 1.5 } } }],
  mode: [
    { sources: { orders: { ...SOURCES.orders, mode: 'each' } } },
    { sources: { orders: { ...SOURCES.orders, mode: 'each', serial: true } } },
  ],
  keeping: [{ economy: true }, { listing: false }, { archive: false }],
  format: [{ storedFormat: 1 }],
};

export interface Generation {
  readonly config: InletConfig;
  /** Names of what differs from the generation before. */
  readonly changed: readonly string[];
}

/** The configurations that are deployed one after the other; the first change changes everything. */
export function* generations(seed: number): Generator<Generation, never> {
  const random = seededRandom(seed);
  let before: readonly (Change | undefined)[] = Object.keys(CHANGES).map(() => undefined);
  for (let n = 0; ; n++) {
    const now = Object.values(CHANGES).map((ways) => {
      const isChanged = n === 1 || (n > 1 && random() < 0.5);
      return isChanged ? ways[Math.floor(random() * ways.length)] : undefined;
    });
    const changed = Object.keys(CHANGES).filter((_, at) => now[at] !== before[at]);
    yield { config: configOf(now.filter((change) => change !== undefined)), changed };
    before = now;
  }
}

function configOf(changes: readonly Change[]): InletConfig {
  const sources: Record<string, SourceConfig> = Object.assign(
    {},
    SOURCES,
    ...changes.map((one) => one.sources),
  );
  return { ...Object.assign({}, ...changes), sources };
}

export const SECRETS: Readonly<Record<SourceName, string>> = {
  dotdigital: 'soak-secret-of-dotdigital',
  chargify: 'soak-secret-of-chargify',
  stripe: 'whsec_soak_secret_of_stripe',
  orders: 'soak-secret-of-orders',
  large: 'soak-secret-of-large',
  tasks: 'soak-secret-of-tasks',
  owned: 'soak-secret-of-owned',
  moving: 'soak-secret-of-moving',
};

/** What every client of the stand-ins is told. */
export const CLIENT = {
  region: 'us-east-1',
  credentials: { accessKeyId: 'soak', secretAccessKey: 'soak' },
};

/** Of the read API. */
export const TOKEN = 'soak';
