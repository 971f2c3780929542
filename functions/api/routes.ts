import { isObject } from '../core/is-object.ts';
import { ApiError } from './api-error.ts';
import { audit } from './audit.ts';
import { clearLease, parseClearLease } from './clear-lease.ts';
import { parseEventQuery } from './event-query.ts';
import { getEvent } from './get-event.ts';
import { getSubject } from './get-subject.ts';
import { parseWindow } from './kept.ts';
import { listEvents } from './list-events.ts';
import { listSources } from './list-sources.ts';
import type { ApiParts } from './parts.ts';
import { parseReclaim, reclaimEvent } from './reclaim.ts';
import { parseRedrive, redrive } from './redrive.ts';
import { parseReplayOptions, replayEvent } from './replay.ts';
import { parseReplayMany, replayMany } from './replay-many.ts';
import { parseReset, resetSubject } from './reset-subject.ts';
import type { Access } from './token.ts';
import { unknownSource } from './unknown-source.ts';

/** A request that has passed the token. */
export interface ApiRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: string;
  readonly access: Access;
  /** The origin that the caller used. */
  readonly origin: string;
}

export interface Route {
  readonly method: 'GET' | 'POST';
  /** Groups are `source` and `name`: all that follows, which on AWS may contain slashes. */
  readonly path: RegExp;
  /** `operate`: changes something, so it needs the right to. Default: `read`. */
  readonly needs?: Access;
  answer(parts: ApiParts, request: ApiRequest, groups: Groups): unknown;
}

export type Groups = Readonly<Partial<Record<string, string>>>;

/** Parameters that belong behind the name of an event. */
const NAME_PARAMETERS = ['body', 'force', 'dryRun'];

/** In this order: a replay's path would match an event's as well. */
export const routes: readonly Route[] = [
  {
    method: 'GET',
    path: /^\/api\/audit$/,
    answer: (parts, { query }) => audit(parts, { window: parseWindow(query, parts) }),
  },
  { method: 'GET', path: /^\/api\/sources$/, answer: ({ sources }) => ({ sources: listSources(sources) }) },
  {
    method: 'GET',
    path: /^\/api\/events$/,
    answer: (parts, { query }) => listEvents(parts, parseEventQuery(query)),
  },
  {
    method: 'POST',
    path: /^\/api\/events\/(?<source>[^/]+)\/(?<name>.+)\/replay$/s,
    needs: 'operate',
    answer: (parts, request, groups) => {
      const options = parseReplayOptions(parseParameters(request));
      return byName(parts, request, groups, (source, id) => replayEvent(parts, source, id, options));
    },
  },
  {
    method: 'POST',
    path: /^\/api\/events\/(?<source>[^/]+)\/(?<name>.+)\/reclaim$/s,
    needs: 'operate',
    answer: (parts, request, groups) => {
      parseReclaim(parseParameters(request));
      return byName(parts, request, groups, (source, id) => reclaimEvent(parts, source, id));
    },
  },
  {
    method: 'GET',
    path: /^\/api\/events\/(?<source>[^/]+)\/(?<name>.+)$/s,
    answer: (parts, request, groups) => {
      const show = { body: request.query.get('body') === 'true' };
      return byName(parts, request, groups, (source, id) => getEvent(parts, source, id, show));
    },
  },
  {
    method: 'POST',
    path: /^\/api\/subjects\/(?<source>[^/]+)\/(?<name>.+)\/clear-lease$/s,
    needs: 'operate',
    answer: (parts, request, groups) => {
      const options = parseClearLease(parseParameters(request));
      return byName(parts, request, groups, (source, name) => clearLease(parts, source, name, options));
    },
  },
  {
    method: 'POST',
    path: /^\/api\/subjects\/(?<source>[^/]+)\/(?<name>.+)\/reset$/s,
    needs: 'operate',
    answer: (parts, request, groups) => {
      const options = parseReset(parseParameters(request));
      return byName(parts, request, groups, (source, name) => resetSubject(parts, source, name, options));
    },
  },
  {
    method: 'GET',
    path: /^\/api\/subjects\/(?<source>[^/]+)\/(?<name>.+)$/s,
    answer: (parts, request, groups) =>
      byName(parts, request, groups, (source, subject) => getSubject(parts, source, subject)),
  },
  {
    method: 'POST',
    path: /^\/api\/replay$/,
    needs: 'operate',
    answer: (parts, request) => replayMany(parts, parseReplayMany(parseParameters(request))),
  },
  {
    method: 'POST',
    path: /^\/api\/dead\/redrive$/,
    needs: 'operate',
    answer: (parts, request) => redrive(parts, parseRedrive(parseParameters(request))),
  },
];

/** The JSON value that answers a request. @throws ApiError */
export async function answerRoute(
  parts: ApiParts,
  request: ApiRequest,
  more: readonly Route[] = [],
): Promise<unknown> {
  const candidates = [...more, ...routes].filter(({ path }) => path.test(request.path));
  const route = candidates.find(({ method }) => method === request.method);
  if (route) {
    if (route.needs === 'operate' && request.access !== 'operate') {
      throw new ApiError(
        403,
        'you may look but not change anything: ask to be added to the group "operators"',
      );
    }
    return route.answer(parts, request, route.path.exec(request.path)?.groups ?? {});
  }
  if (candidates.length === 0) {
    throw new ApiError(404, 'no such route; see /api/audit, /api/events, /api/subjects and /api/sources');
  }
  const allowed = [...new Set(candidates.map(({ method }) => method))].join(', ');
  throw new ApiError(405, `use ${allowed}`, { allow: allowed });
}

/**
 * Ids are percent-encoded in the path, but API Gateway's HTTP APIs decode the path that they pass on. So the name is
 * decoded, and when there is nothing under it, it is taken as it is.
 */
async function byName<T>(
  parts: ApiParts,
  { query }: ApiRequest,
  groups: Groups,
  read: (source: string, name: string) => Promise<T>,
): Promise<T> {
  const { name = '' } = groups;
  const source = decode(groups.source ?? '');
  const decoded = decode(name);
  try {
    return await read(source, decoded);
  } catch (error) {
    if (!(error instanceof ApiError && error.status === 404)) throw error;
    const isCutUp = unknownSource(parts, source) === undefined && looksCutUp(name, decoded, query);
    const failure = isCutUp ? new ApiError(404, `${error.message}; ${HOW_TO_WRITE}`) : error;
    if (decoded === name) throw failure;
    return read(source, name).catch(() => Promise.reject(failure));
  }
}

const HOW_TO_WRITE =
  'a name with "/", "?", "#" or "%" is percent-encoded in the path, twice where it has "?"';

/** Whether a name may be part of one that was not encoded: its question mark begins the query. */
function looksCutUp(name: string, decoded: string, query: URLSearchParams): boolean {
  const hasBareSign = name.includes('/') || (name.includes('%') && decoded === name);
  return hasBareSign || [...query.keys()].some((key) => !NAME_PARAMETERS.includes(key));
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/**
 * Filters and options of a POST, from the body and from the query, where people put them as they do for a GET: one
 * that is passed over could change what was only to be looked at.
 * @throws ApiError 400
 */
function parseParameters({ query, body }: ApiRequest): unknown {
  const values = parseBody(body);
  const flags: Readonly<Record<string, boolean>> = { true: true, false: false };
  const fromQuery = [...query].map(([name, value]) => [name, flags[value] ?? value]);
  if (fromQuery.length === 0) return values;
  if (!isObject(values)) {
    throw new ApiError(400, 'the body: write an object');
  }
  return { ...Object.fromEntries(fromQuery), ...values };
}

/** @throws ApiError 400 */
export function parseBody(body: string): unknown {
  if (body.trim() === '') return {};
  try {
    return JSON.parse(body);
  } catch {
    throw new ApiError(400, 'the body is not JSON');
  }
}
