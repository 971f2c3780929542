import type { EventShape } from '../pack/provider.ts';
import { parseForm } from './form.ts';
import { isForm } from './is-form.ts';
import { parseJson } from './json.ts';
import { scanJson } from './scan-json.ts';

/** The body cannot be read as what it claims to be. The message is safe to show: it quotes nothing. */
export class UnreadableBody extends Error {}

/**
 * Parses a verified body.
 * @throws UnreadableBody when it is not of its format.
 */
export function parseBody(format: EventShape['format'], body: Buffer): unknown {
  const text = decodeText(body);
  if (format === 'text') return text;
  if (format === 'form') return parseForm(text);
  if (format === 'json' || !isForm(body)) return json(text);
  const form = parseForm(text);
  return format === 'auto' && typeof form.payload === 'string' ? jsonOrElse(form.payload, form) : form;
}

function decodeText(body: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    throw new UnreadableBody('The body is not UTF-8 text.');
  }
}

/** Deeper than any event is. */
const MAX_NESTING = 512;
/**
 * More objects and lists than any event has: 6 MB of them with 12 characters each. What they take of the memory has little
 * to do with their length (docs/decisions/0038-memory.md).
 */
const MAX_CONTAINERS = 500_000;
/** Longer than any number is. Converting a million digits takes a second. */
export const MAX_DIGITS = 10_000;

function json(text: string): unknown {
  if (text.trim() === '') throw new UnreadableBody('The body is empty.');
  const scan = scanJson(text);
  if (scan.depth > MAX_NESTING) {
    throw new UnreadableBody(`The body is nested deeper than ${MAX_NESTING} levels.`);
  }
  if (scan.containers > MAX_CONTAINERS) {
    throw new UnreadableBody(`The body has more than ${MAX_CONTAINERS} objects and lists.`);
  }
  if (scan.longestNumber > MAX_DIGITS) {
    throw new UnreadableBody(`A number of the body has more than ${MAX_DIGITS} digits.`);
  }
  try {
    return parseJson(text, scan);
  } catch {
    throw new UnreadableBody('The body is not JSON.');
  }
}

function jsonOrElse(text: string, otherwise: unknown): unknown {
  try {
    return json(text);
  } catch {
    return otherwise;
  }
}
