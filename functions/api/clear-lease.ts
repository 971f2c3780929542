import { endLease, leaseOf } from '../store/gate/lease.ts';
import { ledgerId } from '../store/ledger/entry.ts';
import { ApiError } from './api-error.ts';
import { isoTime } from './entry.ts';
import type { ApiParts } from './parts.ts';
import type { LeaseResult } from './types.ts';
import { unknownSource } from './unknown-source.ts';

export interface ClearLeaseOptions {
  /** Say whose lease it is and do nothing. */
  readonly dryRun?: boolean;
}

/** Reads the body of `POST /api/subjects/{source}/{subject}/clear-lease`. @throws ApiError 400 */
export function parseClearLease(body: unknown): ClearLeaseOptions {
  const { dryRun = false, ...rest } = Object(body) as Readonly<Record<string, unknown>>;
  const [unknown] = Object.keys(rest);
  if (unknown !== undefined) throw new ApiError(400, `unknown key "${unknown}"; the key is dryRun`);
  if (typeof dryRun !== 'boolean') throw new ApiError(400, 'dryRun: write true or false');
  return { dryRun };
}

/**
 * Ends the lease of a handler that does not come back, so that the next event of the subject need not wait for it. A
 * handler that is at work after all cannot commit any more: its event runs again, and its effect may happen twice.
 * @throws ApiError 404 when there is no such subject; NewerFormatError
 */
export async function clearLease(
  parts: ApiParts,
  source: string,
  subject: string,
  { dryRun = false }: ClearLeaseOptions = {},
): Promise<LeaseResult> {
  const { dynamodb, tables, log, now } = parts;
  // A subject's id is built as a ledger entry's.
  const itemOf = (table: string) => ({ client: dynamodb, table, id: ledgerId(source, subject) });
  const ofSubject = await leaseOf(itemOf(tables.subjects), now());
  // An event that passes by itself is held by its own entry.
  const isOwn = ofSubject === undefined || ofSubject === 'none';
  const item = itemOf(isOwn ? tables.ledger : tables.subjects);
  const lease = isOwn ? ((await leaseOf(item, now())) ?? ofSubject) : ofSubject;
  if (lease === undefined) {
    const message = `no subject and no event ${subject} of ${source}: nothing has come yet`;
    throw new ApiError(404, unknownSource(parts, source) ?? message);
  }
  const answer = { source, subject, dryRun };
  if (lease === 'none') return { ...answer, lease: null, cleared: false };
  const { event = isOwn ? subject : null, until } = lease;
  const shown = { ...answer, lease: { event, until: isoTime(until) } };
  if (dryRun) return { ...shown, cleared: false };
  const cleared = await endLease(item, lease);
  if (cleared) log.log('INFO', { message: 'lease cleared', source, id: event ?? undefined });
  return { ...shown, cleared };
}
