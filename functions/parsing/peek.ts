import { isObject } from '../core/is-object.ts';
import { parseBody } from './body.ts';

/** A handshake's body is small; a larger one is none, and is not worth parsing before anything is proven. */
const MAX_BYTES = 64 * 1024;

/** A small body as a JSON object, for handshakes; undefined when it is anything else. Never throws. */
export function peekObject(body: Buffer): Readonly<Record<string, unknown>> | undefined {
  const value = peekJson(body);
  return isObject(value) ? value : undefined;
}

/** A small body as JSON; undefined when it is anything else. Never throws. */
export function peekJson(body: Buffer): unknown {
  if (body.length === 0 || body.length > MAX_BYTES) return undefined;
  try {
    return parseBody('json', body);
  } catch {
    return undefined;
  }
}
