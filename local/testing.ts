/** Inlet in the process of a test: `inlet-webhooks/testing`. */
import { randomInt } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { checkedInlet, type Loaded, loadInlet } from '../config/load.ts';
import type { EventDetail } from '../functions/api/types.ts';
import type { InletDefinition } from '../functions/config/definition.ts';
import { optionsOf } from '../functions/config/sources.ts';
import { Header } from '../functions/core/names.ts';
import { FINAL, GIVEN_UP, isOneOf } from '../functions/core/states.ts';
import { proveRequest } from '../functions/verification/verify.ts';
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
  const { sources } = loaded.config;

  const read = async ({ source, id }: Pick<TestAnswer, 'source' | 'id'>) => {
    const path = [source, id].map(encodeURIComponent).join('/');
    const headers = { authorization: `Bearer ${local.token}` };
    const response = await fetch(`${local.url}/api/events/${path}`, { headers });
    return response.ok ? ((await response.json()) as EventDetail) : undefined;
  };

  return {
    url: local.url,
    async send(name, webhook = {}) {
      const source = Object.hasOwn(sources, name) ? sources[name] : undefined;
      const provider = source && local.setup.packs[source.provider];
      if (!source || !provider)
        throw new Error(`there is no source "${name}": ${Object.keys(sources).join(', ')}`);
      const [draft] = drafts(provider, {
        type: webhook.type,
        count: 1,
        repeat: 1,
        shuffle: false,
        seed: randomInt(1, 2 ** 30),
        ...(webhook.payload !== undefined && { data: bodyOf(webhook.payload) }),
      });
      return post(name, draft as Draft, webhook.headers ?? {}, async (request) =>
        proveRequest(provider, {
          request,
          secret: local.developmentSecrets[name] ?? '',
          options: optionsOf(local.setup.config.sources[name] ?? source),
          now: local.setup.now(),
        }),
      );
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

  async function post(
    name: string,
    { subpath, body, headers }: Draft,
    more: Readonly<Record<string, string>>,
    prove: (request: Parameters<typeof proveRequest>[1]['request']) => ReturnType<typeof proveRequest>,
  ): Promise<TestAnswer> {
    const url = `${local.url}/webhooks/${name}${subpath}`;
    const proven = await prove({
      method: 'POST',
      url,
      subpath,
      headers: { ...headers, ...more },
      body,
      receivedAt: local.setup.now(),
    });
    const response = await fetch(url + new URL(proven.url).search, {
      method: 'POST',
      headers: { ...proven.headers },
      body: new Uint8Array(proven.body),
    });
    await response.arrayBuffer();
    return {
      status: response.status,
      outcome: response.headers.get(Header.outcome),
      source: name,
      // `<source>/<id>`
      id: response.headers.get(Header.delivery)?.slice(name.length + 1) ?? '',
    };
  }
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
