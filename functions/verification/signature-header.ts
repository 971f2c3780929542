import type { SignatureForm, SignatureHeader, SignedScheme } from '../pack/scheme.ts';

type Headers = Readonly<Record<string, string>>;

/** More candidates than any provider sends: bounds the work that one request can cause. */
const MAX_CANDIDATES = 32;

/** Longer than any signature header is: what is longer is not even split. */
const MAX_HEADER_LENGTH = 8_192;

export function signatureHeaders({ signature }: SignedScheme): readonly SignatureHeader[] {
  return Array.isArray(signature) ? signature : [signature as SignatureHeader];
}

/** Names of the headers that a (possibly starred) name stands for. */
export function headerNames(headers: Headers, name: string): readonly string[] {
  if (!name.endsWith('*')) return headers[name] === undefined ? [] : [name];
  const prefix = name.slice(0, -1);
  return Object.keys(headers).filter((header) => header.startsWith(prefix));
}

/** The pairs of `t=1,v1=a,v1=b`, in order, repeated keys kept. */
export function parsePairs(value: string, separator: ',' | ';'): readonly (readonly [string, string])[] {
  if (value.length > MAX_HEADER_LENGTH) return [];
  return value.split(separator).map((pair) => {
    const at = pair.indexOf('=');
    return at < 0 ? [pair.trim(), ''] : [pair.slice(0, at).trim(), pair.slice(at + 1).trim()];
  });
}

/**
 * The encoded signatures that a request offers. `present` tells a missing header from a malformed one.
 */
export function signatureCandidates(
  headers: Headers,
  rules: readonly SignatureHeader[],
): { readonly present: boolean; readonly candidates: readonly string[] } {
  const candidates: string[] = [];
  let present = false;
  for (const rule of rules) {
    for (const name of headerNames(headers, rule.header)) {
      present = true;
      const value = headers[name] ?? '';
      if (value.length > MAX_HEADER_LENGTH) continue;
      const found = candidatesIn(value, rule.form);
      if (!sentTwice(value, found, rule.form)) candidates.push(...found);
    }
  }
  return { present, candidates: candidates.slice(0, MAX_CANDIDATES) };
}

function candidatesIn(value: string, form: SignatureForm): readonly string[] {
  switch (form.kind) {
    case 'bare':
      return [value];
    case 'prefix':
      return (form.separator ? value.split(form.separator).map((item) => item.trim()) : [value])
        .filter((item) => item.startsWith(form.prefix))
        .map((item) => item.slice(form.prefix.length));
    case 'pairs':
      return parsePairs(value, form.separator)
        .filter(([key]) => key === form.key)
        .map(([, signature]) => signature);
    case 'list':
      return value
        .split(' ')
        .filter((item) => item.startsWith(`${form.version},`))
        .map((item) => item.slice(form.version.length + 1));
    case 'positional':
      return value
        .split(form.separator)
        .slice(form.first)
        .map((item) => item.trim());
  }
}

/**
 * A header that was sent twice arrives as one, joined by a comma or by nothing. No provider sends that, so nothing
 * in it counts. Where the form has no commas, one gives it away; `v1,a` has exactly one; and in a list with commas
 * nothing comes twice, holds a second `k=`, or differs in length.
 */
function sentTwice(value: string, candidates: readonly string[], form: SignatureForm): boolean {
  if (form.kind === 'list') return value.split(' ').some((item) => item.split(',').length > 2);
  const commas = 'separator' in form && form.separator === ',';
  if (commas ? new Set(candidates).size < candidates.length : value.includes(',')) return true;
  if (form.kind === 'pairs') return parsePairs(value, form.separator).some(([, text]) => /=[^=]/.test(text));
  return form.kind === 'positional' && new Set(candidates.map(({ length }) => length)).size > 1;
}

/** A value of the pair `key` in the signature header, for schemes that carry the time there. */
export function pairValue(
  headers: Headers,
  rules: readonly SignatureHeader[],
  key: string,
): string | undefined {
  for (const { header, form } of rules) {
    if (form.kind !== 'pairs') continue;
    const pairs = parsePairs(headers[header] ?? '', form.separator).filter(([name]) => name === key);
    // Two different times in one header: which one was signed is anybody's guess, so neither counts.
    if (pairs.length === 1) return pairs[0]?.[1];
  }
  return undefined;
}

/** What stands at a position of the signature header, for schemes that carry the time there. */
export function positionValue(
  headers: Headers,
  rules: readonly SignatureHeader[],
  position: number,
): string | undefined {
  for (const { header, form } of rules) {
    const value = headers[header];
    if (form.kind !== 'positional' || value === undefined || value.length > MAX_HEADER_LENGTH) continue;
    return value.split(form.separator)[position]?.trim() || undefined;
  }
  return undefined;
}

/** A signature header as the provider writes it. `timestamp` goes where the scheme says that it stands. */
export function writeSignature(
  { form }: SignatureHeader,
  signature: string,
  from: NonNullable<SignedScheme['timestamp']>['from'] | undefined,
  timestamp: string | undefined,
): string {
  switch (form.kind) {
    case 'bare':
      return signature;
    case 'prefix':
      return form.prefix + signature;
    case 'list':
      return `${form.version},${signature}`;
    case 'pairs': {
      const time = from && 'pair' in from ? [`${from.pair}=${timestamp}`] : [];
      return [...time, `${form.key}=${signature}`].join(form.separator);
    }
    case 'positional': {
      const parts = Array<string>(form.first).fill('');
      if (from && 'position' in from) parts[from.position] = timestamp ?? '';
      return [...parts, signature].join(form.separator);
    }
  }
}
