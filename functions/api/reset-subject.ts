import { revisionToJson } from '../facts/revision.ts';
import { leaseOf } from '../store/gate/lease.ts';
import { liftRevision, standingOf } from '../store/gate/reset.ts';
import { ledgerId } from '../store/ledger/entry.ts';
import { ApiError } from './api-error.ts';
import { isoTime } from './entry.ts';
import type { ApiParts } from './parts.ts';
import type { ResetResult } from './types.ts';
import { unknownSource } from './unknown-source.ts';

export interface ResetOptions {
  /** Say where the subject stands and do nothing. */
  readonly dryRun?: boolean;
}

/** Reads the body of `POST /api/subjects/{source}/{subject}/reset`. @throws ApiError 400 */
export function parseReset(body: unknown): ResetOptions {
  const { dryRun = false, ...rest } = Object(body) as Readonly<Record<string, unknown>>;
  const [unknown] = Object.keys(rest);
  if (unknown !== undefined) throw new ApiError(400, `unknown key "${unknown}"; the key is dryRun`);
  if (typeof dryRun !== 'boolean') throw new ApiError(400, 'dryRun: write true or false');
  return { dryRun };
}

/**
 * Lifts a wrong revision from a subject, which otherwise makes every later event stale. The next event is applied whatever
 * its revision, also an old one.
 * @throws ApiError 404 when there is no such subject, 409 while a handler has it or when it has moved on; NewerFormatError
 */
export async function resetSubject(
  parts: ApiParts,
  source: string,
  subject: string,
  { dryRun = false }: ResetOptions = {},
): Promise<ResetResult> {
  const { dynamodb, tables, log, now } = parts;
  // A subject's id is built as a ledger entry's.
  const item = { client: dynamodb, table: tables.subjects, id: ledgerId(source, subject) };
  const [standing, lease] = [await standingOf(item), await leaseOf(item, now())];
  if (standing === undefined) {
    const message = `no subject ${subject} of ${source}: no event has come to it yet`;
    throw new ApiError(404, unknownSource(parts, source) ?? message);
  }
  const answer = { source, subject, dryRun };
  if (standing === 'none') return { ...answer, was: null, reset: false };
  if (typeof lease === 'object') throw held(source, subject, isoTime(lease.until));
  const was = {
    revision: revisionToJson(standing.revision),
    event: standing.event,
    state: standing.state ?? null,
    updatedAt: isoTime(standing.updatedAt),
  };
  if (dryRun) return { ...answer, was, reset: false };
  switch (await liftRevision(item, standing, now())) {
    case 'held':
      throw held(source, subject);
    case 'moved':
      throw new ApiError(409, `${subject} of ${source} has changed meanwhile: look at it again`);
    case 'lifted':
      log.log('WARN', { message: 'subject reset', source, id: standing.event, revision: standing.revision });
      return { ...answer, was, reset: true };
  }
}

function held(source: string, subject: string, until?: string | null): ApiError {
  const when = until ? ` until ${until}` : '';
  return new ApiError(
    409,
    `a handler has ${subject} of ${source}${when}: wait for it, or end its lease (inlet lease clear), and reset then`,
  );
}
