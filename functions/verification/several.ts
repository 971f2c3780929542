/** Providers that prove their requests in more than one way. */
import type {
  AnyScheme,
  FirstScheme,
  Refusal,
  SigningContext,
  Verdict,
  Verification,
} from '../pack/scheme.ts';
import { headerNames, signatureHeaders } from './signature-header.ts';
import { signedHeaders } from './signed-content.ts';

type Headers = Readonly<Record<string, string>>;
type Refused = Extract<Verdict, { ok: false }>;

/**
 * From the refusal that says least about what is wrong to the one that says most. A secret that is malformed for
 * one scheme is usually right for the other, and only when it is for all of them is the operator to blame.
 */
const telling: readonly Refusal[] = [
  'secret-malformed',
  'signature-missing',
  'signature-malformed',
  'secret-missing',
  'timestamp-missing',
  'signature-mismatch',
  'timestamp-malformed',
  'timestamp-future',
  'timestamp-stale',
];

/** One proof that holds is enough. With none, the refusal that says most is given. */
export async function verifyAny(
  { schemes }: AnyScheme,
  verify: (scheme: Verification) => Promise<Verdict>,
): Promise<Verdict> {
  let refused: Refused | undefined;
  for (const scheme of schemes) {
    const verdict = await verify(scheme);
    if (verdict.ok) return verdict;
    if (!refused || telling.indexOf(verdict.reason) > telling.indexOf(refused.reason)) refused = verdict;
  }
  return refused ?? { ok: false, reason: 'signature-missing' };
}

/** The first family of which any header is there decides alone. */
export async function verifyFirst(
  first: FirstScheme,
  { headers }: { readonly headers: Headers },
  verify: (scheme: Verification) => Promise<Verdict>,
): Promise<Verdict> {
  const scheme = decidingScheme(first, headers);
  if (scheme) return verify(scheme);
  const names = [...new Set(first.schemes.flatMap(headersOf))];
  return { ok: false, reason: 'signature-missing', hint: names.join(' or ') };
}

/** The one that decides about a request with these headers. */
export function decidingScheme({ schemes }: FirstScheme, headers: Headers): Verification | undefined {
  return schemes.find((candidate) =>
    headersOf(candidate).some((name) => headerNames(headers, name).length > 0),
  );
}

/** Every header that a scheme reads. Of a custom one, only what it names as credentials is known. */
export function headersOf(scheme: Verification): readonly string[] {
  switch (scheme.kind) {
    case 'hmac':
    case 'hash':
    case 'ed25519': {
      const from = scheme.timestamp?.from;
      const time = from && 'header' in from ? [from.header] : [];
      const signatures = signatureHeaders(scheme).map(({ header }) => header);
      return [...signatures, ...time, ...signedHeaders(scheme.signed)];
    }
    case 'shared-secret':
      return [scheme.header];
    case 'any':
    case 'first':
      return [...new Set(scheme.schemes.flatMap(headersOf))];
    case 'custom':
      return scheme.credentials ?? [];
    case 'unsigned':
      return [];
  }
}

/**
 * Signs with the first scheme that the secret fits.
 * @throws TypeError when it fits none.
 */
export async function signSeveral(
  { schemes }: AnyScheme | FirstScheme,
  context: SigningContext,
  sign: (scheme: Verification, context: SigningContext) => Promise<Headers>,
): Promise<Headers> {
  for (const scheme of schemes) {
    try {
      return await sign(scheme, context);
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
    }
  }
  throw new TypeError('this secret does not have a form that signs for this provider');
}
