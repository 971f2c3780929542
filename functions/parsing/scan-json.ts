/** What a JSON text holds, found before it is parsed: afterwards is too late to know what parsing it takes. */
export interface JsonScan {
  /** How deep objects and lists are nested. `JSON.stringify` recurses, so what is too deep could be read but never written. */
  readonly depth: number;
  /** How many objects and lists there are. */
  readonly containers: number;
  /** Characters of the longest number. */
  readonly longestNumber: number;
  /** Where the integers begin and end that JavaScript would round, one after the other. */
  readonly longIntegers: readonly number[];
}

/** Looks at every character once. Whether it is JSON at all, only parsing it says. */
export function scanJson(text: string): JsonScan {
  const longIntegers: number[] = [];
  let [level, depth, containers, longestNumber] = [0, 0, 0, 0];
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) at = endOfString(text, at);
    else if (code === OPEN_BRACE || code === OPEN_BRACKET) {
      containers++;
      if (++level > depth) depth = level;
    } else if (code === CLOSE_BRACE || code === CLOSE_BRACKET) level--;
    else if (code === MINUS || isDigit(code)) {
      const end = endOfNumber(text, at);
      if (end - at > longestNumber) longestNumber = end - at;
      if (end - at >= ROUNDED_DIGITS && isLongInteger(text, at, end)) longIntegers.push(at, end);
      at = end - 1;
    }
  }
  return { depth, containers, longestNumber, longIntegers };
}

/** 2^53 has so many digits. */
const ROUNDED_DIGITS = 16;

/** Never what JSON forbids, which is left for parsing to refuse: no nought before it, no key. */
function isLongInteger(text: string, start: number, end: number): boolean {
  const token = text.slice(start, end);
  if (!/^-?[1-9]\d+$/.test(token) || Number.isSafeInteger(Number(token))) return false;
  let next = end;
  while (' \t\r\n'.includes(text.charAt(next)) && next < text.length) next++;
  return text.charAt(next) !== ':';
}

/** Index of the quote that ends a string; behind the text where none does. */
export function endOfString(text: string, start: number): number {
  let at = start + 1;
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === BACKSLASH) at++;
    else if (code === QUOTE) break;
  }
  return at;
}

/** Index after a number, or after what looks like one. */
function endOfNumber(text: string, start: number): number {
  let at = start + 1;
  for (let code = text.charCodeAt(at); isDigit(code) || OF_NUMBER.has(code); code = text.charCodeAt(at)) at++;
  return at;
}

const isDigit = (code: number) => code >= 0x30 && code <= 0x39;

const MINUS = 0x2d;
/** Besides digits: `+`, `-`, `.`, `E`, `e`. */
const OF_NUMBER = new Set([0x2b, MINUS, 0x2e, 0x45, 0x65]);
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
