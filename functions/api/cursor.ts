import { ApiError } from './api-error.ts';

/**
 * A place in the list: the last event that was shown. New events sort before it, so that a page never repeats or
 * leaves out anything because of them.
 */
export interface Position {
  readonly receivedAt: number;
  /** Id of the ledger item. */
  readonly id: string;
}

/** Order of the list: newest first, then by id. */
export function comparePositions(left: Position, right: Position): number {
  if (left.receivedAt !== right.receivedAt) return right.receivedAt - left.receivedAt;
  return left.id < right.id ? -1 : left.id > right.id ? 1 : 0;
}

export function encodeCursor({ receivedAt, id }: Position): string {
  return Buffer.from(JSON.stringify([receivedAt, id])).toString('base64url');
}

/** @throws ApiError 400 for anything that `encodeCursor` did not write. */
export function decodeCursor(cursor: string): Position {
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    if (Array.isArray(value)) {
      const [receivedAt, id] = value as unknown[];
      if (typeof receivedAt === 'number' && typeof id === 'string') return { receivedAt, id };
    }
  } catch {
    // Not JSON: answered below.
  }
  throw new ApiError(400, 'cursor: pass the value of "cursor" from the page before, unchanged');
}
