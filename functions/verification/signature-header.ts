import type { SignatureHeader } from './scheme.ts';

/** Headers that a (possibly starred) name stands for. */
function headerValues(headers: Readonly<Record<string, string>>, name: string): readonly string[] {
  if (!name.endsWith('*')) return headers[name] === undefined ? [] : [headers[name]];
  const prefix = name.slice(0, -1);
  return Object.keys(headers)
    .filter((header) => header.startsWith(prefix))
    .map((header) => headers[header] ?? '');
}

/** The pairs of `t=1,v1=a,v1=b`, in order, repeated keys kept. */
export function parsePairs(value: string, separator: ',' | ';'): readonly (readonly [string, string])[] {
  return value.split(separator).map((pair) => {
    const at = pair.indexOf('=');
    return at < 0 ? [pair.trim(), ''] : [pair.slice(0, at).trim(), pair.slice(at + 1).trim()];
  });
}

/** More candidates than any provider sends: bounds the work that one request can cause. */
const MAX_CANDIDATES = 32;

/**
 * The encoded signatures that a request offers. `present` tells a missing header from a malformed one.
 */
export function signatureCandidates(
  headers: Readonly<Record<string, string>>,
  rules: readonly SignatureHeader[],
): { readonly present: boolean; readonly candidates: readonly string[] } {
  const candidates: string[] = [];
  let present = false;
  for (const rule of rules) {
    for (const value of headerValues(headers, rule.header)) {
      present = true;
      candidates.push(...candidatesIn(value, rule.form));
    }
  }
  return { present, candidates: candidates.slice(0, MAX_CANDIDATES) };
}

function candidatesIn(value: string, form: SignatureHeader['form']): readonly string[] {
  switch (form.kind) {
    case 'bare':
      return [value];
    case 'prefix':
      return value.startsWith(form.prefix) ? [value.slice(form.prefix.length)] : [];
    case 'pairs':
      return parsePairs(value, form.separator)
        .filter(([key]) => key === form.key)
        .map(([, signature]) => signature);
    case 'list':
      return value
        .split(' ')
        .filter((item) => item.startsWith(`${form.version},`))
        .map((item) => item.slice(form.version.length + 1));
  }
}

/** A value of the pair `key` in the signature header, for schemes that carry the time there. */
export function pairValue(
  headers: Readonly<Record<string, string>>,
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
