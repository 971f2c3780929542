import { stringifyJson } from '../functions/parsing/json.ts';

/** Where a command writes. */
export interface Output {
  /** True when a person looks on: tables, colours and hints. */
  readonly human: boolean;
  /** The `--json` flag. */
  readonly json: boolean;
  /** Columns of the terminal. */
  readonly width: number;
  line(text: string): void;
}

/** The output of this process; `json` is what the flag says. */
export function processOutput(json: boolean): Output {
  const { stdout } = process;
  return {
    human: stdout.isTTY === true && !json,
    json,
    // Some terminals say 0.
    width: stdout.columns || 120,
    line: (text) => void stdout.write(`${text}\n`),
  };
}

/**
 * One document: JSON, unless a person looks on. JSON is what scripts read, so it does not need the flag when the
 * output is piped.
 */
export function printDocument(output: Output, value: unknown, human: () => void): void {
  if (output.human) human();
  else output.line(stringifyJson(value));
}

/** JSON with an indent, for people. */
export function prettyJson(value: unknown): string {
  // Twice, because the writer that keeps long numbers has no indent and its digits must not become a number.
  const compact = stringifyJson(value);
  return printable(indent(compact));
}

/** Breaks compact JSON text into lines, without reading the numbers in it. */
function indent(json: string): string {
  let depth = 0;
  const newline = () => `\n${'  '.repeat(depth)}`;
  return json.replace(/"(?:[^"\\]|\\.)*"|[{[]\s*[}\]]|[{}[\],:]/g, (token) => {
    if (token === '{' || token === '[') {
      depth += 1;
      return token + newline();
    }
    if (token === '}' || token === ']') {
      depth -= 1;
      return newline() + token;
    }
    if (token === ',') return token + newline();
    return token === ':' ? ': ' : token;
  });
}

/** What comes from a provider may contain escape sequences: they are shown, not obeyed by the terminal. */
export function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  return text.replace(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}
