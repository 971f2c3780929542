import type { SourceConfig } from '../config/config.ts';
import type { Source } from '../config/sources.ts';
import { headersIn } from '../pack/fields.ts';
import type { EventShape } from '../pack/provider.ts';
import { headerNames } from '../verification/signature-header.ts';
import { credentialHeaders, schemeOf } from '../verification/verify.ts';

/**
 * What every source keeps, because no credential is ever sent under these names: how the request was written, who carried
 * it, and the ids of conventions that many providers share.
 */
const COMMON = [
  'content-length',
  'content-type',
  'date',
  'host',
  'idempotency-key',
  'svix-id',
  'svix-timestamp',
  'traceparent',
  'user-agent',
  'webhook-id',
  'webhook-timestamp',
  'x-amzn-trace-id',
  'x-correlation-id',
  'x-forwarded-for',
  'x-forwarded-proto',
  'x-request-id',
];

/**
 * The headers that travel with an event: what is known to be harmless, what the facts of its events are read from, what
 * its pack names, and what its configuration asks for. Never what proves a request, so that nothing stored can be used to
 * speak in the provider's name; nor the query of a URL, in which a secret may stand.
 */
export function storedHeaders(
  source: Pick<Source, 'provider' | 'config' | 'options'>,
  headers: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const { provider, config, options } = source;
  const read = headersRead(provider.events, config);
  const asked = config.headers?.map((name) => name.toLowerCase()) ?? [];
  const harmless = [...COMMON, ...(provider.eventHeaders ?? []), ...asked, ...read];
  const credentials = credentialHeaders(schemeOf(provider, options));
  const named = (names: readonly string[]) => new Set(names.flatMap((name) => headerNames(headers, name)));
  const kept = named(harmless);
  const left = named(credentials);
  const stored = Object.entries(headers)
    .filter(([name]) => kept.has(name) && !left.has(name))
    // A fact has to read the same later.
    .map(([name, value]) => [name, read.includes(name) ? value : withoutQuery(value)]);
  return Object.fromEntries(stored);
}

/** Headers that paths name, of the pack or of the configuration. What a function reads its pack names itself. */
function headersRead(
  { id, deliveryId, unsignedId, type, unsignedType, subject, revision, state, tenant }: EventShape,
  config: SourceConfig,
): readonly string[] {
  const own = [config.type, config.subject, config.revision, config.delivery];
  const unsigned = [deliveryId, unsignedId?.field, unsignedType];
  return [id, type, subject, revision?.field, state, tenant, ...unsigned, ...own].flatMap((field) =>
    field === undefined ? [] : headersIn(field),
  );
}

function withoutQuery(value: string): string {
  const isUrl = value.startsWith('/') || value.includes('://');
  return isUrl ? value.replace(/[?#].*$/s, '') : value;
}
