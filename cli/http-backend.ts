import { parseJson } from '../functions/parsing/json.ts';
import type { LocalCount } from '../local/counted.ts';
import { type Backend, definedOnly } from './backend.ts';
import { CliError, TokenError, UnreachableError } from './cli-error.ts';
import { countedByServer } from './counted-local.ts';
import { printable } from './output.ts';

/** Longer than the audit looks again, shorter than anybody waits. */
const TIMEOUT_MS = 60_000;

/** Asks a running Inlet for JSON. */
export interface Caller {
  get<T>(path: string): Promise<T>;
  post<T>(path: string, body: unknown): Promise<T>;
}

/** @param url origin of the Inlet. Its calls throw UnreachableError, TokenError and other CliErrors. */
export function createCaller(url: string, token: string | undefined): Caller {
  async function call<T>(method: string, path: string, body?: string): Promise<T> {
    const response = await request(new URL(path, url), {
      method,
      headers: {
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body }),
    });
    const text = await response.text();
    if (response.status === 200) return readJson(text, url) as T;
    throw refusal(response.status, text, url);
  }
  return {
    get: (path) => call('GET', path),
    post: (path, body) => call('POST', path, JSON.stringify(body)),
  };
}

/** The read API of a running Inlet. `url` is its origin. */
export function httpBackend(url: string, token: string | undefined): Backend {
  const { get, post } = createCaller(url, token);
  return {
    origin: url,
    audit: (window) =>
      get(window ? `/api/audit?after=${window.after}&before=${window.before}` : '/api/audit'),
    counted: async (hours) => countedByServer(await readCount(get, url), hours),
    events: (filters) => get(`/api/events?${new URLSearchParams(definedOnly(filters))}`),
    event: (source, id) => get(eventPath(source, id)),
    subject: (source, subject) => get(subjectPath(source, subject)),
    resetSubject: (source, subject, dryRun) => post(`${subjectPath(source, subject)}/reset`, { dryRun }),
    clearLease: (source, subject, dryRun) => post(`${subjectPath(source, subject)}/clear-lease`, { dryRun }),
    sources: async () => (await get<{ sources: [] }>('/api/sources')).sources,
    replay: (source, id, options = { force: false, dryRun: false }) =>
      post(`${eventPath(source, id)}/replay`, options),
    reclaim: (source, id) => post(`${eventPath(source, id)}/reclaim`, {}),
    replayMany: (filters, options) => post('/api/replay', { ...filters, ...options }),
    redrive: (filters, ids, dryRun) => post('/api/dead/redrive', { ...filters, ids, dryRun }),
  };
}

/** Only a local server counts by itself. */
async function readCount(get: Caller['get'], url: string): Promise<LocalCount> {
  try {
    return await get('/api/counted');
  } catch (error) {
    // There is no such route.
    if (!(error instanceof CliError && error.exitCode === 1)) throw error;
    throw new CliError(`${url} counts nothing by itself: ask CloudWatch, with --stage.`);
  }
}

function eventPath(source: string, id: string): string {
  return `/api/events/${encode(source)}/${encode(id)}`;
}

function subjectPath(source: string, subject: string): string {
  return `/api/subjects/${encode(source)}/${encode(subject)}`;
}

/**
 * Encoded twice, as the console does: API Gateway decodes a path once and cuts it off at a decoded question mark, and
 * the API decodes what it is given. Dots, because a URL resolves `..` even when it is encoded once.
 */
function encode(segment: string): string {
  return encodeURIComponent(encodeURIComponent(segment).replaceAll('.', '%2E'));
}

/** @throws UnreachableError when nobody answers. */
export async function request(url: URL, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, { ...init, redirect: 'manual', signal: AbortSignal.timeout(TIMEOUT_MS) });
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    const code = (cause as NodeJS.ErrnoException).code ?? (cause instanceof Error ? cause.name : '');
    throw new UnreachableError(
      `No Inlet answers at ${url.origin} (${code}). Start it with npm start, or name another one with --url.`,
    );
  }
}

function readJson(text: string, url: string): unknown {
  try {
    return parseJson(text);
  } catch {
    throw new CliError(`${url} is not the address of an Inlet: it does not answer with JSON.`);
  }
}

function refusal(status: number, text: string, url: string): CliError {
  if (status === 401) {
    return new TokenError(
      `${url} refuses the token. Pass --token or set INLET_TOKEN; npm start prints the token of a local Inlet.`,
    );
  }
  if (status === 502 || status === 503 || status === 504)
    return new UnreachableError(`${url} is not ready (${status}): try again in a moment.`);
  // 404 and 409 answer the question: there is no such event, or it cannot be sent again.
  return new CliError(
    messageOf(text) ?? `${url} answered ${status}`,
    status === 404 || status === 409 ? 1 : 2,
  );
}

function messageOf(text: string): string | undefined {
  try {
    const { message } = JSON.parse(text) as { message?: unknown };
    return typeof message === 'string' ? printable(message) : undefined;
  } catch {
    return undefined;
  }
}
