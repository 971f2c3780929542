import { randomUUID } from 'node:crypto';
import { keeping } from '../config/config.ts';
import { isObject } from '../core/is-object.ts';
import { ApiError } from './api-error.ts';
import { decodeCursor } from './cursor.ts';
import { type EventFilter, type EventQuery, parseFilter } from './event-query.ts';
import { forecastAll } from './forecast.ts';
import { isAboutDead, listEntries } from './list-events.ts';
import type { ApiParts } from './parts.ts';
import { forceRefusal, type ReplayOptions } from './replay.ts';
import { sendAllAgain } from './send-again.ts';
import type { ReplayManyResult } from './types.ts';

/** Events that one call takes: what fits into the time of one API call. */
const MAX_EVENTS = 500;
const FILTERS = ['source', 'state', 'type', 'subject', 'tenant', 'id', 'after', 'before'];
const KEYS = [...FILTERS, 'cursor', 'force', 'dryRun'];

export type ReplayManyRequest = EventFilter & Required<ReplayOptions> & Pick<EventQuery, 'from'>;

/** Reads the body of `POST /api/replay`. @throws ApiError 400 */
export function parseReplayMany(body: unknown): ReplayManyRequest {
  if (!isObject(body)) {
    throw new ApiError(400, `write a JSON object with any of ${KEYS.join(', ')}; {} replays everything`);
  }
  const unknown = Object.keys(body).find((name) => !KEYS.includes(name));
  if (unknown !== undefined)
    throw new ApiError(400, `unknown key "${unknown}"; the keys are ${KEYS.join(', ')}`);
  const { force = false, dryRun = false, cursor } = body;
  if (typeof force !== 'boolean') throw new ApiError(400, 'force: write true or false');
  if (typeof dryRun !== 'boolean') throw new ApiError(400, 'dryRun: write true or false');
  const from = cursor === undefined || cursor === null ? undefined : decodeCursor(String(cursor));
  return { ...parseFilter(body), force, dryRun, ...(from && { from }) };
}

/**
 * Sends the events that match through the worker again, newest first, at most 500 a call. The gates are those of
 * every event: what is applied stays applied once, and no subject goes backwards. The preview compares each event
 * with its subject as it stands now.
 */
export async function replayMany(parts: ApiParts, request: ReplayManyRequest): Promise<ReplayManyResult> {
  const { force, dryRun } = request;
  if (request.id === undefined && !keeping(parts.config).listing && !isAboutDead(request)) {
    const message = 'this inlet keeps a list of its quarantined and dead events only (listing, economy)';
    throw new ApiError(409, `${message}: replay others by their ids`);
  }
  const { entries, cursor } = await listEntries(parts, { ...request, limit: MAX_EVENTS });
  const forecasts = await forecastAll(parts, entries);
  const preview = { apply: 0, stale: 0, quarantined: 0, repeat: 0, unknown: 0 };
  for (const forecast of forecasts) preview[forecast] += 1;
  const items = entries.map((entry, n) => ({ entry, forecast: forecasts[n] ?? 'unknown' }));
  // With force only what force can do something for: the rest would be copies for nothing.
  const chosen = items.filter(({ entry, forecast }) => !force || !forceRefusal(parts, entry, forecast));
  const sent = chosen.map(({ entry, forecast }) => ({
    entry,
    force: force && forecast === 'repeat' ? randomUUID() : undefined,
  }));
  const failed = dryRun ? [] : await sendAllAgain(parts, sent);
  const ids = chosen.map(({ entry, forecast }) => ({ source: entry.source, id: entry.id, forecast }));
  const isFailed = (id: { source: string; id: string }) =>
    failed.some((problem) => problem.source === id.source && problem.id === id.id);
  return {
    dryRun,
    matched: entries.length,
    replayed: dryRun ? 0 : chosen.length - failed.length,
    forced: force ? chosen.filter(({ forecast }) => forecast === 'repeat').length : 0,
    preview,
    ids: ids.filter((id) => !isFailed(id)),
    failed,
    cursor,
  };
}
