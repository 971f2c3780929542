import type { InletConfig } from '../../functions/config/config.ts';
import type { Handlers } from '../../functions/core/handler.ts';
import type { LogLine } from '../../functions/core/log.ts';
import type { Secrets } from '../../local/development-secrets.ts';
import { type LocalInlet, startLocal } from '../../local/stack.ts';
import { handlers as ownHandlers } from '../fixtures/handlers/index.ts';
import defaultConfig from '../fixtures/inlet.config.ts';
import { waitFor } from './wait-for.ts';

export interface ContextOptions {
  /** Default: `test/fixtures/inlet.config.ts`. */
  readonly config?: InletConfig;
  /** Default: the development secret of each source. */
  readonly secrets?: Secrets;
  /** Default: in memory. */
  readonly data?: string;
  readonly now?: () => number;
  /** Default: those of `test/fixtures/handlers`. */
  readonly handlers?: Handlers;
}

export interface Context {
  readonly local: LocalInlet;
  /** Every line that the functions and the pollers have logged. */
  readonly logged: LogLine[];
  /** Posts a body to a source; `path` is what follows its name. */
  post(
    source: string,
    body: NonNullable<RequestInit['body']>,
    headers?: Record<string, string>,
    path?: string,
  ): Promise<Response>;
  /** Reads the API with the token. */
  api(path: string, init?: RequestInit): Promise<{ status: number; body: unknown }>;
  readonly waitFor: typeof waitFor;
}

/**
 * A local Inlet of its own for one test file, on a free port, stopped after the last test. Call it at the top
 * of the file: `const context = await createContext()`.
 */
export async function createContext(options: ContextOptions = {}): Promise<Context> {
  const { config = defaultConfig, data = 'memory', handlers = ownHandlers, ...rest } = options;
  const logged: LogLine[] = [];
  const log = { log: (level: string, line: LogLine) => void logged.push({ level, ...line }) };
  const local = await startLocal({ ...rest, config, data, handlers, log, port: 0 });
  afterAll(() => local.stop());
  return {
    local,
    logged,
    post: (source, body, headers = {}, path = '') =>
      fetch(`${local.url}/webhooks/${source}${path}`, { method: 'POST', body, headers }),
    api: async (path, init) => {
      const authorization = `Bearer ${local.token}`;
      const response = await fetch(`${local.url}${path}`, {
        ...init,
        headers: { ...init?.headers, authorization },
      });
      return { status: response.status, body: await response.json() };
    },
    waitFor,
  };
}
