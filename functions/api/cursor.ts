import { MAX_ID_BYTES } from '../core/bounds.ts';
import { wrongCursor } from './api-error.ts';
import { areScanPlaces, type ScanPlaces } from './scan.ts';

/**
 * A place in the list: the last event that was shown. New events sort before it, so that a page never repeats or
 * leaves out anything because of them.
 */
export interface Position {
  readonly receivedAt: number;
  /** Id of the ledger item. */
  readonly id: string;
}

/** Where the next page begins: in the list behind a place; or in a scan for what is behind it. */
export interface Start extends Position {
  readonly scan?: ScanPlaces;
}

/** Order of the list: newest first, then by id. */
export function comparePositions(left: Position, right: Position): number {
  if (left.receivedAt !== right.receivedAt) return right.receivedAt - left.receivedAt;
  return left.id < right.id ? -1 : left.id > right.id ? 1 : 0;
}

/** How pages are read: from the start on, in this order. */
export interface Order {
  /** Before all events. */
  readonly start: Position;
  compare(left: Position, right: Position): number;
}

export const NEWEST_FIRST: Order = {
  start: { receivedAt: Number.MAX_SAFE_INTEGER, id: '' },
  compare: comparePositions,
};

export const OLDEST_FIRST: Order = {
  start: { receivedAt: -1, id: '' },
  compare: (left, right) => left.receivedAt - right.receivedAt || comparePositions(left, right),
};

/** A release that knows no scans passes over theirs, and goes on in the list. */
export function encodeCursor({ receivedAt, id, scan }: Start): string {
  return Buffer.from(JSON.stringify([receivedAt, id, ...(scan ? [scan] : [])])).toString('base64url');
}

/** @throws ApiError 400 for anything that `encodeCursor` did not write. */
export function decodeCursor(cursor: string): Start {
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    if (Array.isArray(value)) {
      const [receivedAt, id, scan] = value as unknown[];
      const isPosition = typeof receivedAt === 'number' && typeof id === 'string' && isStorable(id);
      if (isPosition && scan === undefined) return { receivedAt, id };
      if (isPosition && areScanPlaces(scan)) return { receivedAt, id, scan };
    }
  } catch {
    // Not JSON: answered below.
  }
  throw wrongCursor();
}

/** No entry has a longer id. */
function isStorable(id: string): boolean {
  return Buffer.byteLength(id) <= MAX_ID_BYTES;
}
