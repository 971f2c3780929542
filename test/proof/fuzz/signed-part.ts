/**
 * What the signature of a request covers, said once more and apart from the packs: a request that is accepted has
 * to have it as the genuine one had it.
 */
import type { WebhookRequest } from '../../../functions/pack/request.ts';
import type { Verification } from '../../../functions/pack/scheme.ts';
import { headersOf } from '../../../functions/verification/several.ts';
import { schemeOf } from '../../../functions/verification/verify.ts';
import { body, header, type Part, parts, url } from './signed-by-code.ts';
import type { FuzzedSource } from './sources.ts';

/** The one of several schemes by which a request is signed. */
function schemeOfRequest(scheme: Verification, request: WebhookRequest): Verification {
  if (scheme.kind !== 'any' && scheme.kind !== 'first') return scheme;
  const used = scheme.schemes.find((candidate) =>
    headersOf(candidate).some((name) => request.headers[name] !== undefined),
  );
  return used ? schemeOfRequest(used, request) : scheme;
}

function declaredParts(scheme: Verification, genuine: WebhookRequest): readonly Part[] {
  if (scheme.kind === 'shared-secret') {
    return [({ headers }) => headers[scheme.header]?.slice(scheme.prefix?.length ?? 0)];
  }
  if (!('signed' in scheme)) return [];
  const found: Part[] = [];
  const { signed, timestamp } = scheme;
  if (signed.includes('{body}')) found.push(body);
  if (signed.includes('{url}')) found.push(url);
  if (signed.includes('{method}')) found.push(({ method }) => method);
  for (const [, name = ''] of signed.matchAll(/\{header\.([a-z0-9-]+)\}/g)) found.push(header(name));
  if (!timestamp) return found;
  const { from } = timestamp;
  if ('header' in from) found.push(header(from.header));
  const [signature] = [scheme.signature].flat();
  // Of several times, one has to be the genuine one: it is the one that the signature fits.
  const holdsTime =
    (time: string): Part =>
    ({ headers }) =>
      headers[signature?.header ?? '']?.includes(time);
  const written = genuine.headers[signature?.header ?? ''] ?? '';
  if ('pair' in from)
    found.push(holdsTime(new RegExp(`(?:^|[,;])${from.pair}=[^,;]*`).exec(written)?.[0] ?? '?'));
  if ('position' in from) found.push(holdsTime(written.split(',')[from.position] ?? '?'));
  return found;
}

/** Whether a request that was accepted carries what the genuine one's signature covers. */
export function keepsSignedPart(
  source: FuzzedSource,
  genuine: WebhookRequest,
  accepted: WebhookRequest,
): boolean {
  const scheme = schemeOfRequest(schemeOf(source.pack, source.options), genuine);
  const covered = scheme.kind === 'custom' ? parts[source.pack.name] : declaredParts(scheme, genuine);
  if (!covered || covered.length === 0) throw new TypeError(`what does ${source.pack.name} sign?`);
  const all = (request: WebhookRequest) =>
    JSON.stringify(covered.map((part) => part(request, source.options)));
  return all(genuine) === all(accepted);
}

/** Of packs whose scheme is code, those whose signature holds for a while only. */
const TIMED = [
  'coinbase-cdp',
  'contentful',
  'fortellis',
  'hubspot-v3',
  'jwt',
  'klaviyo',
  'mailgun',
  'paypal',
  'plaid',
  'sendgrid',
  'sns',
];

/** Whether a request that was signed weeks ago, or for the day after tomorrow, has to be refused. */
export function isTimed({ pack, options }: FuzzedSource, genuine: WebhookRequest): boolean {
  const scheme = schemeOfRequest(schemeOf(pack, options), genuine);
  return scheme.kind === 'custom'
    ? TIMED.includes(pack.name)
    : 'timestamp' in scheme && scheme.timestamp !== undefined;
}
