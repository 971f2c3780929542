/**
 * Reading a body whose proof stands inside it (SNS, Adyen, Mailgun, Twilio, …). Nothing read here is trusted, and
 * whoever sends it may mean harm: size and number of parts are bounded before anything is parsed.
 */
import { isObject } from '../core/is-object.ts';
import { MAX_DIGITS } from '../parsing/body.ts';
import { parseJson } from '../parsing/json.ts';
import { scanJson } from '../parsing/scan-json.ts';

/** Far above what any of these providers sends, and parsed in a few milliseconds. */
const MAX_JSON_BYTES = 1024 * 1024;
const MAX_JSON_PARTS = 20_000;
const MAX_FORM_FIELDS = 2_000;

export type UnverifiedFields = Readonly<Record<string, unknown>>;

/** The JSON object in a body, or undefined when there is none or it is larger than it may be. */
export function readUnverifiedJson(body: Buffer): UnverifiedFields | undefined {
  if (body.length > MAX_JSON_BYTES || !hasFewParts(body)) return undefined;
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(body);
    const scan = scanJson(text);
    if (scan.longestNumber > MAX_DIGITS) return undefined;
    // As the facts are read later: a number that is rounded here and not there would be proven as one and count as another.
    const value = parseJson(text, scan);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** An own property that is text. */
export function textAt(fields: UnverifiedFields, name: string): string | undefined {
  const value = Object.hasOwn(fields, name) ? fields[name] : undefined;
  return typeof value === 'string' ? value : undefined;
}

/** Counts what opens or separates values outside of texts: a parser's work grows with these, not with length. */
function hasFewParts(body: Buffer): boolean {
  let parts = 0;
  let inText = false;
  for (let at = 0; at < body.length; at++) {
    const byte = body[at];
    if (inText) {
      if (byte === 0x5c /* \ */) at++;
      else if (byte === 0x22 /* " */) inText = false;
    } else if (byte === 0x22) {
      inText = true;
    } else if (byte === 0x2c /* , */ || byte === 0x5b /* [ */ || byte === 0x7b /* { */) {
      if (++parts > MAX_JSON_PARTS) return false;
    }
  }
  return true;
}

export type FormFields = readonly (readonly [name: string, value: string])[];

/**
 * The fields of a form in their order, repeated ones kept; undefined when they are too many or too large.
 * @param maxBytes for providers whose forms are small: undoing the escapes of 6 MB takes some 30 ms.
 */
export function readUnverifiedForm(
  body: Buffer,
  maxBytes = Number.POSITIVE_INFINITY,
): FormFields | undefined {
  if (body.length > maxBytes) return undefined;
  let fields = 1;
  for (let at = body.indexOf(0x26); at >= 0; at = body.indexOf(0x26, at + 1)) {
    if (++fields > MAX_FORM_FIELDS) return undefined;
  }
  return [...new URLSearchParams(body.toString('utf8'))];
}

/** The value of a field that may be there once only: of two, nobody can say which one was meant. */
export function onlyField(fields: FormFields, name: string): string | undefined {
  const values = fields.filter(([key]) => key === name);
  return values.length === 1 ? values[0]?.[1] : undefined;
}
