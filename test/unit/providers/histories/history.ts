/** Short histories of one thing, as providers send them: for `shuffled.test.ts`. */
import type { Sample } from '../../../../functions/pack/provider.ts';

/** One request of a history. */
export interface Sent {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** When it is sent, in epoch milliseconds: for providers that sign the time and order by it. */
  readonly at?: number;
}

/** What happened to one thing, in this order. */
export interface History {
  readonly sent: readonly Sent[];
  /** The state that the thing is in at its end. */
  readonly ends: string;
}

/** JSON, or a text as it is sent. */
type Body = string | object;

/** What happened to one thing. @param requests a request is its body, or one with headers. */
export function history(ends: string, ...requests: readonly (Body | Sent)[]): History {
  return { ends, sent: requests.map((request) => (isSent(request) ? request : sent(request))) };
}

/** A request with headers, or at its own time. */
export function sent(body: Body, headers: Sample['headers'] = {}, at?: number): Sent {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return {
    headers: { 'content-type': 'application/json', ...headers },
    body: text,
    ...(at !== undefined && { at }),
  };
}

const isSent = (request: Body | Sent): request is Sent => typeof request === 'object' && 'headers' in request;

/** When the histories begin, in epoch milliseconds. */
export const START = Date.parse('2026-01-01T09:00:00Z');
