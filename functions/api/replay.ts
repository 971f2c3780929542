import { randomUUID } from 'node:crypto';
import { State } from '../core/states.ts';
import { ApiError } from './api-error.ts';
import type { Entry } from './entry.ts';
import { forecastAll } from './forecast.ts';
import { requireEntry } from './get-event.ts';
import type { ApiParts } from './parts.ts';
import { sendAgain } from './send-again.ts';
import type { Forecast, ReplayResult } from './types.ts';

export interface ReplayOptions {
  /** Run the handler again although the event has been applied: only for the newest of its subject. */
  readonly force?: boolean;
  /** Say what would happen and do nothing. */
  readonly dryRun?: boolean;
}

/** Reads the body of `POST /api/events/{source}/{id}/replay`. @throws ApiError 400 */
export function parseReplayOptions(body: unknown): ReplayOptions {
  const { force = false, dryRun = false, ...rest } = Object(body) as Readonly<Record<string, unknown>>;
  const [unknown] = Object.keys(rest);
  if (unknown !== undefined) throw new ApiError(400, `unknown key "${unknown}"; the keys are force, dryRun`);
  if (typeof force !== 'boolean') throw new ApiError(400, 'force: write true or false');
  if (typeof dryRun !== 'boolean') throw new ApiError(400, 'dryRun: write true or false');
  return { force, dryRun };
}

/**
 * Sends an event through the worker again, with the same gates: what was applied is not applied twice, and what is
 * stale stays stale. A quarantined or dead event goes back in flight.
 * @throws ApiError 404, or 409 when it cannot be sent again.
 */
export async function replayEvent(
  parts: ApiParts,
  source: string,
  id: string,
  { force = false, dryRun = false }: ReplayOptions = {},
): Promise<ReplayResult> {
  const entry = await requireEntry(parts, source, id);
  if (entry.state === State.split) {
    throw new ApiError(409, `${id} of ${source} is a batch that was split: replay its events one by one`);
  }
  const answer = { source, id, was: entry.state };
  if (!force && !dryRun) return { ...answer, state: await sendAgain(parts, entry) };
  const [forecast = 'unknown'] = await forecastAll(parts, [entry]);
  const refusal = force ? forceRefusal(parts, entry, forecast) : undefined;
  if (refusal !== undefined) throw new ApiError(409, refusal);
  const forced = force && forecast === 'repeat';
  if (dryRun) return { ...answer, state: entry.state, dryRun, forecast, forced };
  const state = await sendAgain(parts, entry, forced ? randomUUID() : undefined);
  return { ...answer, state, forecast, forced };
}

/** Why force would be in vain, or undefined. An event that is yet to be applied needs no force. */
export function forceRefusal(
  { config }: ApiParts,
  { source, id, subject }: Entry,
  forecast: Forecast,
): string | undefined {
  if (forecast === State.stale) {
    return `${id} of ${source} is not the newest of its subject ${subject}: its handler does not run again`;
  }
  if (forecast === 'repeat' && config.sources[source]?.handler === undefined) {
    return `${source} has no handler that could run again: the newest state is there already`;
  }
  return undefined;
}
