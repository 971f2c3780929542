/** One alteration of a signed request, so that half of what is judged is not what the provider sent. */
import type { WebhookRequest } from '../../../functions/pack/request.ts';
import { bareRequest } from '../../unit/providers/sample-request.ts';
import type { Random } from '../fuzz/random.ts';

export interface Signed {
  readonly request: WebhookRequest;
  readonly secret: string;
}

/** What was done. `spelling`: the same signature written in another way. */
export type AlterationKind =
  | 'body'
  | 'header character'
  | 'header end'
  | 'header missing'
  | 'header empty'
  | 'header doubled'
  | 'spelling'
  | 'url'
  | 'key';

export interface Altered extends Signed {
  readonly kind: AlterationKind;
  /** The header that was altered. */
  readonly header?: string;
}

/** In turn, so that every kind comes up in every comparison. */
const kinds: readonly AlterationKind[] = [
  ...(['body', 'header character', 'header end', 'header missing', 'body', 'spelling', 'key'] as const),
  ...(['header character', 'body', 'header doubled', 'url', 'header empty', 'body', 'header end'] as const),
];

/**
 * @param turn counts the alterations.
 * @param headers those that prove the request; some that are not there are no matter.
 */
export function alter(
  random: Random,
  turn: number,
  { request, secret }: Signed,
  headers: readonly string[],
  otherSecret: () => string,
): Altered {
  const present = headers.filter((name) => request.headers[name]);
  const wanted = kinds[turn % kinds.length] ?? 'body';
  const kind = present.length === 0 && /header|spelling/.test(wanted) ? 'body' : wanted;
  // Signatures stand in the first one.
  const header =
    present[kind === 'spelling' ? 0 : Math.floor(turn / kinds.length) % (present.length || 1)] ?? '';
  const value = request.headers[header] ?? '';
  const set = (text: string | undefined): Altered => {
    const changed = { ...request.headers };
    if (text === undefined) delete changed[header];
    else changed[header] = text;
    return { kind, header, secret, request: bareRequest({ ...request, headers: changed }) };
  };
  switch (kind) {
    case 'body':
      return { kind, secret, request: { ...request, body: otherBytes(random, request.body) } };
    case 'header character':
      return set(otherCharacter(random, value));
    case 'header end':
      return set(value + random.pick(['x', '0', ',', '=', ';', '.']));
    case 'header missing':
      return set(undefined);
    case 'header empty':
      return set('');
    case 'header doubled':
      return set(value + value);
    case 'spelling':
      return set(otherSpelling(random, value));
    case 'url':
      return { kind, secret, request: { ...request, url: otherCharacter(random, request.url, 30) } };
    case 'key':
      return { kind, request, secret: otherSecret() };
  }
}

function otherBytes(random: Random, body: Buffer): Buffer {
  const changed = Buffer.from(body);
  const at = random.below(body.length);
  switch (random.below(4)) {
    case 0:
      return Buffer.concat([body, Buffer.from(random.pick([' ', '\n', 'x', '\u0000']))]);
    case 1:
      return Buffer.concat([body.subarray(0, at), body.subarray(at + 1)]);
    default:
      changed[at] = (changed[at] ?? 0) ^ (1 << random.below(8));
      return changed;
  }
}

function otherCharacter(random: Random, text: string, from = 0): string {
  const at = from + random.below(text.length - from);
  const others = [...'0123456789abcdefXYZ+/=-_,.'].filter((character) => character !== text.charAt(at));
  return text.slice(0, at) + random.pick(others) + text.slice(at + 1);
}

/** Upper case for hex; base64 without its padding, in the alphabet of URLs, or with bits that decoding drops. */
function otherSpelling(random: Random, value: string): string {
  const hex = /[0-9a-f]{32,}/.exec(value)?.[0];
  if (hex) return value.replace(hex, hex.toUpperCase());
  const choice = random.below(3);
  if (choice === 0) return value.replace(/=+$/, '');
  if (choice === 1) return value.replaceAll('+', '-').replaceAll('/', '_');
  return value.replace(
    /[A-Za-z0-9](=+)$/,
    (end) => `${String.fromCharCode(end.charCodeAt(0) + 1)}${end.slice(1)}`,
  );
}
