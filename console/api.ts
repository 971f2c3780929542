import { session } from './session.ts';

/** An answer that is not a success. The message comes from the server and says what to do. */
export class ApiFailure extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

const TIMEOUT_MS = 35_000;

/** Called when the token is refused, so that the page asks for another. */
let onRefused: () => void = () => {};
export function whenRefused(callback: () => void): void {
  onRefused = callback;
}

export function get<T>(path: string, signal?: AbortSignal): Promise<T> {
  return call<T>(path, { method: 'GET' }, signal);
}

export function post<T>(path: string, body: unknown = {}, signal?: AbortSignal): Promise<T> {
  const headers = { 'content-type': 'application/json' };
  return call<T>(path, { method: 'POST', body: JSON.stringify(body), headers }, signal);
}

async function call<T>(path: string, init: RequestInit, signal?: AbortSignal): Promise<T> {
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  const response = await fetch(path, {
    ...init,
    headers: { ...init.headers, authorization: `Bearer ${session.token ?? ''}` },
    signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
  }).catch((error: unknown) => {
    if (signal?.aborted) throw error;
    throw new ApiFailure(0, 'The server does not answer. Is it running? This page goes on trying.');
  });
  const text = await response.text();
  if (response.ok) return parseExactly(text) as T;
  if (response.status === 401) onRefused();
  throw new ApiFailure(response.status, messageOf(text) ?? `The server answered ${response.status}.`);
}

function messageOf(text: string): string | undefined {
  try {
    const { message } = JSON.parse(text) as { message?: unknown };
    return typeof message === 'string' ? message : undefined;
  } catch {
    return undefined;
  }
}

/** A number that JavaScript would round, as its digits. Payloads are shown as they are. */
export class ExactNumber {
  readonly digits: string;
  constructor(digits: string) {
    this.digits = digits;
  }
}

type Reviver = (key: string, value: unknown, context?: { source?: string }) => unknown;

/** Parses JSON without rounding, in browsers that tell a number's source text; the others round. */
function parseExactly(text: string): unknown {
  if (!/\d{16}/.test(text)) return JSON.parse(text);
  const reviver: Reviver = (_key, value, context) =>
    typeof value === 'number' && !Number.isSafeInteger(value) && /^-?\d+$/.test(context?.source ?? '')
      ? new ExactNumber(context?.source ?? '')
      : value;
  return JSON.parse(text, reviver as Parameters<typeof JSON.parse>[1]);
}

/** Path of an event. Everything that came from a provider is percent-encoded. */
export function eventPath(source: string, id: string): string {
  return `/api/events/${segment(source)}/${segment(id)}`;
}

export function subjectPath(source: string, subject: string): string {
  return `/api/subjects/${segment(source)}/${segment(subject)}`;
}

/**
 * Encoded twice: API Gateway decodes a path once and cuts it off at a decoded question mark, and the API decodes
 * what it is given. Dots, because a browser would resolve `..` even when it is encoded once.
 */
function segment(text: string): string {
  return encodeURIComponent(encodeURIComponent(text).replaceAll('.', '%2E'));
}
