import { z } from 'zod';
import { MAX_TIMEOUT_SECONDS, type SourceConfig } from '../functions/config/config.ts';
import { HEADER_NAME } from '../functions/pack/option-rules.ts';
import { providers } from '../functions/providers/index.ts';
import { didYouMean } from './nearest.ts';
import { between, flag, type RulesOf, strict, text, textLike, wholeNumber } from './rules.ts';

const PACKS = Object.keys(providers).sort();

const provider = z
  .string({
    error: ({ input }) =>
      `${input === undefined ? 'is missing. Write' : 'write'} one of: ${PACKS.join(', ')}`,
  })
  .refine((name) => Object.hasOwn(providers, name), { error: ({ input }) => noPack(String(input)) });

function noPack(name: string): string {
  return `there is no pack "${name}"${didYouMean(name, PACKS)} Write one of: ${PACKS.join(', ')}`;
}

const HANDLER =
  'is neither a name nor a function. Write on({ … }), a function, () => import("./handlers/….ts"), or the name of one of handlers';
const TENANTS = 'write { "<owner id>": { "name": "…" } }';
const HEADERS = 'write a list of at most 50 names of headers, such as ["x-store-id"]';

const path = textLike(/./s, 'write a path such as "header.x-event-id" or "payload.data.id"');

const headerName = textLike(HEADER_NAME, HEADERS).refine((name) => !name.includes('*'), HEADERS);

const OF_HANDLER = 'is about what a handler does. Name one, or remove this key';

/** One of `sources`, as far as it can be judged without its pack (`against-pack.ts`). */
export const sourceSchema = strict(
  {
    provider,
    options: z.record(z.string(), z.unknown(), 'write an object').optional(),
    // Handlers that are functions have become names before (`data-of.ts`).
    handler: textLike(/./s, HANDLER).optional(),
    keepState: flag.optional(),
    serial: flag.optional(),
    mode: z.enum(['latest', 'each'], 'write "latest" or "each"').optional(),
    tenants: z.record(z.string(), strict({ name: text }, 'write { "name": "…" }'), TENANTS).optional(),
    unsigned: flag.optional(),
    type: path.optional(),
    subject: path.optional(),
    revision: path.optional(),
    delivery: path.optional(),
    headers: z.array(headerName, HEADERS).max(50, HEADERS).readonly().optional(),
    timeoutSeconds: wholeNumber(1, MAX_TIMEOUT_SECONDS).optional(),
    attempts: wholeNumber(1, 100).optional(),
  } satisfies RulesOf<SourceConfig>,
  'write an object such as { provider: "dotdigital" }',
)
  .refine(
    ({ keepState, handler }) => keepState !== true || handler !== undefined,
    between('keepState', OF_HANDLER),
  )
  .refine(({ serial, handler }) => serial !== true || handler !== undefined, between('serial', OF_HANDLER));
