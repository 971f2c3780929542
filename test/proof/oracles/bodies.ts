/** Bodies as providers send them, in every spelling that a careless receiver would change. */
import type { Random } from '../fuzz/random.ts';

export interface Body {
  readonly type: string;
  readonly text: string;
}

const LETTERS = [
  ...[
    'a',
    'Z',
    '7',
    ' ',
    '"',
    '\\',
    '/',
    '\r\n',
    '\n',
    '\t',
    '+',
    '&',
    '=',
    '%',
    '%2B',
    '<',
    '\u0000',
    '\u0007',
  ],
  ...[
    'é',
    'ß',
    'ñ',
    'Ж',
    '漢',
    '✓',
    '😀',
    'e\u0301',
    '\u2028',
    '\u00a0',
    '\ufeff',
    'ﬀ',
    '\u{1f468}\u200d\u{1f469}',
  ],
];

const NAMES = ['id', 'type', 'data', 'größe', 'a b', 'a[b]', 'a.b', '__proto__', 'constructor', '0', ''];

function value(random: Random, depth: number): unknown {
  const kind = random.below(depth > 0 ? 8 : 6);
  if (kind === 0) return random.pick([null, true, false]);
  if (kind === 1) return random.pick([0, -1, 1.5, 1e21, -0.0001, 9_007_199_254_740_991, random.below(1e9)]);
  if (kind < 6) return random.text(random.below(12), LETTERS);
  const entries = Array.from({ length: random.below(4) }, () => value(random, depth - 1));
  return kind === 6 ? entries : fields(random, entries);
}

function fields(random: Random, entries: readonly unknown[]): Record<string, unknown> {
  const object: Record<string, unknown> = {};
  // Defined, not assigned: `__proto__` is a name like any other in JSON.
  for (const entry of entries) {
    Object.defineProperty(object, random.pick(NAMES), { value: entry, enumerable: true, configurable: true });
  }
  return object;
}

/** Fields of a JSON body. */
export function randomFields(random: Random): Record<string, unknown> {
  return fields(
    random,
    Array.from({ length: 1 + random.below(4) }, () => value(random, 3)),
  );
}

const escapeAscii = (text: string) =>
  text.replace(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** The spellings of JSON that providers use: compact, indented, with CRLF, in ASCII only, with `\/`. */
export function spellJson(random: Random, content: unknown): string {
  const compact = JSON.stringify(content);
  switch (random.below(6)) {
    case 0:
      return JSON.stringify(content, null, 2);
    case 1:
      return `${JSON.stringify(content, null, '\t').replaceAll('\n', '\r\n')}\r\n`;
    case 2:
      return escapeAscii(compact);
    case 3:
      return compact.replaceAll('/', '\\/');
    case 4:
      return ` ${compact}\n`;
    default:
      return compact;
  }
}

export const jsonBody = (random: Random): Body => ({
  type: random.pick(['application/json', 'application/json; charset=utf-8']),
  text: spellJson(random, randomFields(random)),
});

/** As `JSON.stringify` writes it: for SDKs that see nothing else. */
export const compactJsonBody = (random: Random): Body => ({
  type: 'application/json',
  text: JSON.stringify(JSON.parse(JSON.stringify(randomFields(random)))),
});

/** A form with brackets, repeated names, both spellings of a space, and a field that holds JSON. */
export function formBody(random: Random): Body {
  const pairs = Array.from({ length: 1 + random.below(6) }, (): [string, string] => {
    const name = random.pick(['Body', 'payload[site][id]', 'payload[list][]', 'From', 'größe', 'a b', 'x']);
    return [
      name,
      random.chance(0.2) ? JSON.stringify(randomFields(random)) : random.text(random.below(10), LETTERS),
    ];
  });
  const text = new URLSearchParams(pairs).toString();
  return {
    type: 'application/x-www-form-urlencoded',
    text: random.chance(0.5) ? text.replaceAll('+', '%20') : text,
  };
}

/** Anything that a provider may send. */
export function anyBody(random: Random): Body {
  const kind = random.below(8);
  if (kind === 0) return formBody(random);
  if (kind > 1) return jsonBody(random);
  return { type: 'text/plain', text: random.text(1 + random.below(60), LETTERS) };
}
