/**
 * The part of a request that its proof covers. Facts are read from this view, so that a header or a path that nobody
 * signed cannot order, delete, name an event or choose its tenant.
 */

import { parsePath, valueAt } from '../pack/fields.ts';
import type { EventContext, WebhookRequest } from '../pack/request.ts';
import type { Coverage, Verification } from '../pack/scheme.ts';
import { coverageOf, coversHeader } from '../verification/coverage.ts';

type Headers = EventContext['headers'];

/** The part of a request that events are read from. */
export interface Carrier extends Pick<WebhookRequest, 'headers' | 'subpath' | 'body' | 'requestId'> {
  /** What names the proof of the request, where its scheme tells: `Verdict.proofId`. Not stored. */
  readonly proofId?: string | undefined;
  /** When it arrived, in epoch milliseconds, also where it is read again. */
  readonly receivedAt: number;
}

/** What a proof covers of a request, and of each of its events. */
export interface Covered {
  readonly headers: Headers;
  readonly subpath: string;
  payload(event: unknown): unknown;
}

/** @param carrier of a request whose proof has held. */
export function coveredPart(scheme: Verification, { headers, subpath }: Carrier): Covered {
  const coverage = coverageOf(scheme, headers);
  return {
    headers: coverage.headers === 'all' ? headers : coveredHeaders(coverage, headers),
    subpath: coverage.url ? subpath : '',
    payload: (event) => coveredPayload(coverage.body, event),
  };
}

function coveredHeaders(coverage: Coverage, headers: Headers): Headers {
  const covered: Record<string, string> = Object.create(null);
  for (const [name, value] of Object.entries(headers)) {
    if (coversHeader(coverage, name, headers)) covered[name] = value;
  }
  return covered;
}

function coveredPayload(body: Coverage['body'], event: unknown): unknown {
  if (body === 'all') return event;
  return body === 'fields' ? sorted(event) : pick(event, body);
}

/** The same for the same fields, in whatever order they came and however often: a repeated value is one. */
function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    if (!value.every((item) => typeof item === 'string')) return value.map(sorted);
    const values = [...new Set(value)].sort();
    return values.length === 1 ? values[0] : values;
  }
  const entries = Object.entries(value).map(([name, item]) => [name, sorted(item)] as const);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}

type Fields = { [name: string]: unknown };

/** What stands at these paths, at the same places. */
function pick(event: unknown, paths: readonly string[]): unknown {
  const picked: Fields = {};
  for (const path of paths) {
    const segments = parsePath(path).segments;
    const value = valueAt(event, segments);
    if (value === undefined) continue;
    let node = picked;
    for (const segment of segments.slice(0, -1)) {
      node[segment] ??= {};
      node = node[segment] as Fields;
    }
    node[segments.at(-1) ?? ''] = value;
  }
  return picked;
}
