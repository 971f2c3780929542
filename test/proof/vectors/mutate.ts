import type { TimestampRule, Verification } from '../../../functions/pack/scheme.ts';
import { providers } from '../../../functions/providers/index.ts';
import { headersOf } from '../../../functions/verification/several.ts';
import { schemeOf } from '../../../functions/verification/verify.ts';
import { bodyOf, headerOf, judgeRow, type VectorRow, withBody, withHeader } from './rows.ts';

export interface Mutation {
  readonly what: string;
  readonly row: VectorRow;
}

/** Headers that prove requests where the scheme is code and cannot be asked. */
const PROOF = /signature|hmac|verification|authorization|-token$|-digest$|transmission|secret/;

/** Names of the headers of a row that its proof consists of. */
function proofHeaders(row: VectorRow, scheme: Verification): readonly string[] {
  const present = Object.keys(row.headers).map((name) => name.toLowerCase());
  const read = headersOf(scheme);
  const starts = read.filter((name) => name.endsWith('*')).map((name) => name.slice(0, -1));
  const declared = present.filter(
    (name) => read.includes(name) || starts.some((start) => name.startsWith(start)),
  );
  return declared.length > 0 ? declared : present.filter((name) => PROOF.test(name));
}

/**
 * Every way in which a genuine row is altered. All of them must be refused.
 * @param bodySigned false for providers whose signature does not cover the whole body.
 */
export async function* mutations(row: VectorRow, bodySigned: boolean): AsyncGenerator<Mutation> {
  const provider = providers[row.provider];
  if (!provider) return;
  const scheme = schemeOf(provider, row.options);
  for (const header of proofHeaders(row, scheme)) {
    const value = headerOf(row, header);
    const set = (text: string | undefined) => withHeader(row, header, text);
    yield { what: `${header} missing`, row: set(undefined) };
    yield { what: `${header} empty`, row: set('') };
    yield { what: `${header} twice, as a gateway joins it`, row: set(`${value},${value}`) };
    yield { what: `${header} twice, as HTTP joins it`, row: set(`${value}, ${value}`) };
    yield { what: `${header} doubled`, row: set(value + value) };
    for (const token of await essentialTokens(row, header, value)) {
      for (const changed of changedTokens(token)) {
        // The names of authentication schemes may be written in either case (RFC 9110, section 11.1).
        if (/^(basic|bearer)$/i.test(changed)) continue;
        yield { what: `${header}: ${token} → ${changed}`, row: set(value.replaceAll(token, changed)) };
      }
    }
  }
  if (bodySigned) yield* bodyMutations(row);
  yield* signatureInBody(row);
  for (const [position, secret] of row.secrets.entries()) {
    const secrets = row.secrets.with(position, otherSecret(secret));
    if (row.secrets.length === 1) yield { what: 'wrong secret', row: { ...row, secrets } };
  }
  for (const rule of timestampRules(scheme)) yield* clockMutations(row, rule);
}

/** Parts of a header value without which the row is refused: an unknown `v0=…` may change as it likes. */
async function essentialTokens(row: VectorRow, header: string, value: string): Promise<readonly string[]> {
  const tokens = [...new Set(value.split(/[,; ]/))].filter((token) => token.length > 2);
  const essential: string[] = [];
  for (const token of tokens) {
    const judgement = await judgeRow(withHeader(row, header, value.replaceAll(token, '')));
    if (!judgement.ok) essential.push(token);
  }
  return essential;
}

const classes = [/[a-f]/g, /[g-z]/g, /[A-Z]/g, /[0-9]/g, /[+/_-]/g, /=/g];

/** First, middle and last character of each class, replaced by another one; and the text cut. */
function changedTokens(token: string): readonly string[] {
  const changed = [token.slice(0, -1), token.slice(1), token.slice(0, token.length >> 1)];
  for (const kind of classes) {
    const found = [...token.matchAll(kind)].map(({ index }) => index);
    for (const at of new Set([found[0], found[found.length >> 1], found.at(-1)])) {
      if (at === undefined) continue;
      for (const character of replacements(token.charAt(at))) {
        changed.push(token.slice(0, at) + character + token.slice(at + 1));
      }
    }
  }
  return changed;
}

/** One that decodes to other bits, one that decodes to the same dropped bits, the other case, and none at all. */
function replacements(character: string): readonly string[] {
  const next = String.fromCharCode(character.charCodeAt(0) + 1);
  const otherCase = character === character.toLowerCase() ? character.toUpperCase() : character.toLowerCase();
  return [next, otherCase, '!', ' ', 'é'].filter((replacement) => replacement !== character);
}

function* bodyMutations(row: VectorRow): Generator<Mutation> {
  const body = bodyOf(row);
  for (const at of new Set([0, 1, body.length >> 2, body.length >> 1, body.length - 1])) {
    if (at < 0 || at >= body.length) continue;
    const changed = Buffer.from(body);
    changed[at] = (changed[at] ?? 0) ^ 1;
    yield { what: `byte ${at} of the body`, row: withBody(row, changed) };
  }
  yield { what: 'body with a byte more', row: withBody(row, Buffer.concat([body, Buffer.from(' ')])) };
  yield { what: 'body with a byte less', row: withBody(row, body.subarray(0, -1)) };
}

/** For signatures that stand in the body: each value that is named one. */
function* signatureInBody(row: VectorRow): Generator<Mutation> {
  const text = bodyOf(row).toString('utf8');
  for (const [, token = ''] of text.matchAll(/[^-]signature"?\s*[:=]\s*"?([\w+/=|-]{20,})/gi)) {
    for (const changed of changedTokens(token)) {
      const body = Buffer.from(text.replaceAll(token, changed));
      yield { what: `signature in the body: ${token} → ${changed}`, row: withBody(row, body) };
    }
  }
}

/** A secret of the same form that differs in one character. */
function otherSecret(secret: string): string {
  for (let at = secret.length >> 1; at < secret.length; at++) {
    const character = secret.charAt(at);
    if (/[0-9]/.test(character))
      return secret.slice(0, at) + (character === '1' ? '2' : '1') + secret.slice(at + 1);
    if (/[A-Za-z]/.test(character))
      return secret.slice(0, at) + (character === 'B' ? 'C' : 'B') + secret.slice(at + 1);
  }
  return `${secret}x`;
}

function timestampRules(scheme: Verification): readonly TimestampRule[] {
  if (scheme.kind === 'any' || scheme.kind === 'first')
    return scheme.schemes.slice(0, 1).flatMap(timestampRules);
  return 'timestamp' in scheme && scheme.timestamp ? [scheme.timestamp] : [];
}

function* clockMutations(row: VectorRow, rule: TimestampRule): Generator<Mutation> {
  const given = row.options.toleranceSeconds;
  const window = typeof given === 'number' ? given : rule.toleranceSeconds;
  // The row's own time can lie up to a window from the signed one, so two windows and a bit are surely outside.
  const now = row.now ?? Date.now() / 1000;
  yield { what: 'too old', row: { ...row, now: now + 2 * window + 2 } };
  yield { what: 'too far in the future', row: { ...row, now: now - 2 * window - 2 } };
}
