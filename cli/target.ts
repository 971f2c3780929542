import { DEFAULT_DATA, DEFAULT_PORT } from '../local/environment.ts';
import { type RunFile, readRunFile } from '../local/run-file.ts';
import type { Backend } from './backend.ts';
import { CliError } from './cli-error.ts';
import { httpBackend } from './http-backend.ts';

/** The options that say which deployment is meant. */
export interface TargetOptions {
  readonly url?: string | undefined;
  readonly token?: string | undefined;
  readonly stage?: string | undefined;
}

export interface Target {
  /** Origin: `http://127.0.0.1:3000`. */
  readonly origin: string;
  readonly token: string | undefined;
  /** What the local Inlet at this origin has left, when there is one. */
  readonly run: RunFile | undefined;
}

/**
 * Finds an Inlet that answers by HTTP: what the options say, else the environment, else the local Inlet that is running.
 * @throws CliError for a URL that is none, and for `--stage`.
 */
export function findTarget(options: TargetOptions, env: NodeJS.ProcessEnv = process.env): Target {
  if (options.stage !== undefined) {
    throw new CliError(
      `This command takes no --stage: write --url <webhook URL>. inlet sources --stage ${options.stage} lists the URLs.`,
    );
  }
  const given = options.url ?? (env.INLET_URL || undefined);
  const named = given === undefined ? undefined : parseUrl(given);
  const port = named ? Number(named.port) || undefined : Number(env.PORT) || undefined;
  const data = env.INLET_DATA || DEFAULT_DATA;
  const found =
    readRunFile({ ...(port !== undefined && { port }), data }) ?? readRunFile({ port: DEFAULT_PORT });
  const run = found && (!named || isSameLocal(named, new URL(found.url))) ? found : undefined;
  const origin = named?.origin ?? run?.url ?? `http://127.0.0.1:${port ?? DEFAULT_PORT}`;
  return { origin, token: options.token ?? (env.INLET_TOKEN || run?.token), run };
}

/** The deployment that a command asks: a stage by its tables and queues, everything else by HTTP. */
export async function openBackend(options: TargetOptions): Promise<Backend> {
  if (options.stage !== undefined) {
    if (options.url !== undefined) throw new CliError('Write either --stage or --url.');
    // Loaded here only: it brings the clients of AWS along.
    return (await import('./stage-backend.ts')).stageBackend(options.stage);
  }
  const { origin, token } = findTarget(options);
  return httpBackend(origin, token);
}

/** @throws CliError */
export function parseUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url;
  throw new CliError(`--url ${text}: write a whole URL, such as http://127.0.0.1:3000`);
}

export function isLoopback({ hostname }: URL): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}

/** Secrets and tokens of the local Inlet go to no other address. */
function isSameLocal(named: URL, local: URL): boolean {
  return isLoopback(named) && named.port === local.port && named.protocol === local.protocol;
}
