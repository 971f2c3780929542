import { ApiError } from '../api/api-error.ts';
import type { Produced, ProduceRequest, SampleSet } from './types.ts';

const MAX_COUNT = 50;

/** Signs samples as the providers would and sends them over HTTP. Only where the server holds the secrets. */
export interface Producer {
  samples(): readonly SampleSet[];
  /** @throws ApiError 400 */
  send(request: ProduceRequest): Promise<readonly Produced[]>;
}

/** Reads the body of `POST /api/produce`. @throws ApiError 400 */
export function parseProduceRequest(body: unknown): ProduceRequest {
  const {
    source,
    type,
    count = 1,
    seed,
    story = false,
    forge = false,
  } = (body ?? {}) as Record<string, unknown>;
  if (typeof source !== 'string') throw new ApiError(400, 'source: write the name of a source');
  if (type !== undefined && typeof type !== 'string') throw new ApiError(400, 'type: write a text');
  if (!isWhole(count) || count < 1 || count > MAX_COUNT) {
    throw new ApiError(400, `count: write a whole number from 1 to ${MAX_COUNT}`);
  }
  if (!isWhole(seed) || seed < 0) throw new ApiError(400, 'seed: write a whole number');
  if (typeof story !== 'boolean') throw new ApiError(400, 'story: write true or false');
  if (typeof forge !== 'boolean') throw new ApiError(400, 'forge: write true or false');
  return { source, ...(type !== undefined && { type }), count, seed, story, forge };
}

function isWhole(value: unknown): value is number {
  return Number.isSafeInteger(value);
}
