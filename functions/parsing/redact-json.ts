import { endOfString } from './scan-json.ts';

type Paths = readonly (readonly string[])[];

/** An object or a list that is open. */
interface Open {
  readonly isList: boolean;
  /** The key that was read last. */
  key: string;
  /** A text that comes next is a key. */
  expectsKey: boolean;
}

/**
 * JSON text with other values at some paths, and every other character as it was. Looks at every character once, and
 * needs no valid JSON: what is cut off is replaced up to its end.
 * @param paths in which `*` stands for each item of a list.
 * @param replacement the text to write in their place.
 */
export function redactJson(text: string, paths: Paths, replacement: string): string {
  const wanted = new Set(paths.map((path) => JSON.stringify(path)));
  const depths = new Set(paths.map(({ length }) => length));
  const open: Open[] = [];
  const pieces: string[] = [];
  let [kept, from, depth] = [0, -1, 0];

  const begin = (at: number) => {
    if (from >= 0 || !depths.has(open.length)) return;
    if (!wanted.has(JSON.stringify(open.map(({ isList, key }) => (isList ? '*' : key))))) return;
    [from, depth] = [at, open.length];
  };
  const end = (at: number) => {
    if (from < 0 || open.length > depth) return;
    pieces.push(text.slice(kept, from), JSON.stringify(replacement));
    [kept, from] = [at, -1];
  };

  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at);
    const inside = open.at(-1);
    if (character === '"') {
      const last = Math.min(endOfString(text, at), text.length - 1);
      if (inside?.expectsKey) {
        inside.key = keyIn(text.slice(at, last + 1));
        inside.expectsKey = false;
      } else {
        begin(at);
        end(last + 1);
      }
      at = last;
    } else if (character === '{' || character === '[') {
      begin(at);
      const isList = character === '[';
      open.push({ isList, key: '', expectsKey: !isList });
    } else if (character === '}' || character === ']') {
      open.pop();
      end(at + 1);
    } else if (character === ',') {
      if (inside && !inside.isList) inside.expectsKey = true;
    } else if (!BETWEEN.has(character)) {
      begin(at);
      while (at + 1 < text.length && !ENDS_SCALAR.has(text.charAt(at + 1))) at++;
      end(at + 1);
    }
  }
  if (from >= 0) {
    open.length = 0;
    end(text.length);
  }
  return pieces.length === 0 ? text : pieces.join('') + text.slice(kept);
}

const BETWEEN = new Set([' ', '\t', '\r', '\n', ':']);
const ENDS_SCALAR = new Set([...BETWEEN, ',', '"', '{', '}', '[', ']']);

/** A key may be written with escapes. */
function keyIn(quoted: string): string {
  try {
    return String(JSON.parse(quoted));
  } catch {
    return quoted;
  }
}
