/** Inlet in the process of a test: `inlet-webhooks/testing`. */
import { randomInt } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { checkedInlet, type Loaded, loadInlet } from '../config/load.ts';
import type { EventDetail } from '../functions/api/types.ts';
import type { InletDefinition } from '../functions/config/definition.ts';
import { Sources } from '../functions/config/sources.ts';
import { FINAL, GIVEN_UP, isOneOf } from '../functions/core/states.ts';
import { postDraft } from './post-draft.ts';
import { type Draft, drafts } from './samples.ts';
import { startLocal } from './stack.ts';

export interface TestOptions {
  /** Default: `inlet.config.ts` of the working directory. */
  readonly config?: InletDefinition | Loaded;
  /** Epoch milliseconds. Default: the clock of the machine. */
  readonly now?: () => number;
}

/** What is sent. Default: the first sample of the source's provider. */
export interface TestWebhook {
  /** Type of a sample. */
  readonly type?: string;
  /** A body of one's own: text as it is, anything else as JSON. */
  readonly payload?: unknown;
  /** In addition to the sample's. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** The answer to a webhook. */
export interface TestAnswer {
  readonly status: number;
  /** `accepted`, `duplicate`, `rejected`, … */
  readonly outcome: string | null;
  readonly source: string;
  /** Of the delivery; of a single event its own. */
  readonly id: string;
}

export interface TestInlet {
  readonly url: string;
  /** Signs a webhook as its provider would, with the source's development secret, and sends it. */
  send(source: string, webhook?: TestWebhook): Promise<TestAnswer>;
  /**
   * Waits until an event has its outcome.
   * @param within milliseconds. Default 10,000.
   * @throws Error when it has none by then: it says the state and how the attempts have failed.
   */
  settled(event: Pick<TestAnswer, 'source' | 'id'>, within?: number): Promise<EventDetail>;
  stop(): Promise<void>;
}

const POLL_MS = 20;

/**
 * Starts Inlet with the embedded stand-ins, in memory and on a free port. Stop it when the test ends.
 * @throws ConfigurationError for a configuration that cannot work.
 */
export async function startInlet({ config, now }: TestOptions = {}): Promise<TestInlet> {
  const loaded =
    config === undefined ? await loadInlet() : 'modules' in config ? config : checkedInlet(config);
  const local = await startLocal({
    config: loaded.config,
    handlers: loaded.handlers,
    data: 'memory',
    port: 0,
    log: { log: () => {} },
    ...(now && { now }),
  });
  const sources = new Sources(local.setup.config, local.setup.packs);

  const read = async ({ source, id }: Pick<TestAnswer, 'source' | 'id'>) => {
    const path = [source, id].map(encodeURIComponent).join('/');
    const headers = { authorization: `Bearer ${local.token}` };
    const response = await fetch(`${local.url}/api/events/${path}`, { headers });
    return response.ok ? ((await response.json()) as EventDetail) : undefined;
  };

  return {
    url: local.url,
    async send(name, { type, payload, headers } = {}) {
      const source = sources.get(name);
      if (!source)
        throw new Error(`there is no source "${name}": ${sources.all.map((known) => known.name).join(', ')}`);
      const [draft] = drafts(source.provider, {
        type,
        count: 1,
        repeat: 1,
        shuffle: false,
        seed: randomInt(1, 2 ** 30),
        ...(payload !== undefined && { data: bodyOf(payload) }),
      }) as [Draft];
      const sent = { ...draft, headers: { ...draft.headers, ...headers } };
      const { status, outcome, delivery } = await postDraft(local.setup, source, sent, local.url);
      // `<source>/<id>`
      return { status, outcome, source: name, id: delivery?.slice(name.length + 1) ?? '' };
    },
    async settled(event, within = 10_000) {
      const deadline = performance.now() + within;
      for (;;) {
        const found = await read(event);
        if (found && (isOneOf(FINAL, found.state) || isOneOf(GIVEN_UP, found.state))) return found;
        if (performance.now() >= deadline) throw new Error(unsettled(event, found, within));
        await pause(POLL_MS);
      }
    },
    stop: () => local.stop(),
  };
}

function bodyOf(payload: unknown): Buffer {
  return Buffer.from(typeof payload === 'string' ? payload : JSON.stringify(payload));
}

function unsettled(
  { source, id }: Pick<TestAnswer, 'source' | 'id'>,
  found: EventDetail | undefined,
  within: number,
) {
  const attempts = found?.failures.kept.map(({ name, message }) => `${name}: ${message}`) ?? [];
  const state = found === undefined ? 'is not known' : `is ${found.state}`;
  return [`${source}/${id} ${state} after ${within} ms.`, ...attempts].join('\n');
}
