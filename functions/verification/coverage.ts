/** What of a request its proof covers: for the schemes that are data it follows from what they sign. */
import type { Coverage, SignedScheme, Verification } from '../pack/scheme.ts';
import { decidingScheme } from './several.ts';
import { signedHeaders, signedValues } from './signed-content.ts';

type Headers = Readonly<Record<string, string>>;

/** A credential speaks for the whole request. So does an operator who takes unsigned requests. */
export const EVERYTHING: Coverage = { headers: 'all', url: true, body: 'all' };

/** What most providers sign. */
export const BODY_ONLY: Coverage = { headers: [], url: false, body: 'all' };

/**
 * What the proof of this request covers.
 * @param headers of a request whose proof has held. Without them, or where those that told are not stored: what is covered
 * whichever of several schemes decided.
 */
export function coverageOf(scheme: Verification, headers?: Headers): Coverage {
  switch (scheme.kind) {
    case 'hmac':
    case 'hash':
    case 'ed25519':
      return coverageOfTemplate(scheme);
    case 'any':
      return common(scheme.schemes.map((part) => coverageOf(part, headers)));
    case 'first': {
      const decided = headers && decidingScheme(scheme, headers);
      return decided
        ? coverageOf(decided, headers)
        : common(scheme.schemes.map((part) => coverageOf(part, headers)));
    }
    case 'custom':
      return scheme.covers;
    case 'shared-secret':
    case 'unsigned':
      return EVERYTHING;
  }
}

/** Whether a header of this request is covered. */
export function coversHeader({ headers, namedHeaders }: Coverage, name: string, request: Headers): boolean {
  return headers === 'all' || headers.includes(name) || (namedHeaders?.(request).includes(name) ?? false);
}

function coverageOfTemplate({ signed, timestamp }: SignedScheme): Coverage {
  const values = signedValues(signed);
  const from = timestamp?.from;
  const time = from && 'header' in from && values.includes('timestamp') ? [from.header] : [];
  return {
    headers: [...signedHeaders(signed), ...time],
    url: values.includes('url'),
    body: values.includes('body') ? 'all' : [],
  };
}

function common(all: readonly Coverage[]): Coverage {
  return all.reduce((one, other) => ({
    headers: intersection(one.headers, other.headers),
    url: one.url && other.url,
    body: one.body === other.body ? one.body : intersection(partOf(one.body), partOf(other.body)),
  }));
}

/** In an intersection with another form of coverage, a form whose order is not signed is left out altogether. */
const partOf = (body: Coverage['body']) => (body === 'fields' ? [] : body);

function intersection(one: Coverage['headers'], other: Coverage['headers']): Coverage['headers'] {
  if (one === 'all') return other;
  return other === 'all' ? one : one.filter((name) => other.includes(name));
}
