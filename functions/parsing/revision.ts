import type { RevisionRule } from '../providers/provider.ts';

/** DynamoDB numbers have 38 digits (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html). */
const MAX_DIGITS = 38;

/**
 * A revision as a decimal number in text, so that no digit is lost: integers as they are, times in epoch
 * milliseconds with as many fraction digits as the provider wrote. Undefined when the text is none.
 */
export function normaliseRevision(text: string, as: RevisionRule['as']): string | undefined {
  const decimal = as === 'timestamp' ? timestampToMilliseconds(text) : plainNumber(text, as);
  if (decimal === undefined || decimal.replace(/\D/g, '').length > MAX_DIGITS) return undefined;
  return canonical(decimal);
}

function plainNumber(text: string, as: Exclude<RevisionRule['as'], 'timestamp'>): string | undefined {
  if (as === 'integer') return /^-?\d+$/.test(text) ? text : undefined;
  if (!/^\d+(\.\d+)?$/.test(text)) return undefined;
  return as === 'milliseconds' ? text : shiftThousand(text);
}

/** Seconds to milliseconds, on the text: `1.5` → `1500`. */
function shiftThousand(seconds: string): string {
  const [whole = '0', fraction = ''] = seconds.split('.');
  return `${whole}${fraction.slice(0, 3).padEnd(3, '0')}.${fraction.slice(3)}`;
}

function timestampToMilliseconds(text: string): string | undefined {
  const match = /^(\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2})(?:\.(\d+))?(Z|[+-]\d{2}:?\d{2})?$/i.exec(text);
  if (!match) {
    const time = Date.parse(text);
    return Number.isNaN(time) ? undefined : String(time);
  }
  // A time without a zone is read as UTC: reading it as local time would depend on the machine.
  const seconds = Date.parse(`${match[1]?.replace(' ', 'T')}${match[3] ?? 'Z'}`);
  return Number.isNaN(seconds) ? undefined : shiftThousand(`${seconds / 1000}.${match[2] ?? ''}`);
}

/** One spelling for each number: no leading zeros, no trailing zeros of a fraction. */
function canonical(decimal: string): string {
  const match = /^(-?)0*(\d+?)(?:\.(\d*?)0*)?$/.exec(decimal);
  if (!match) return decimal;
  const [, sign, whole, fraction] = match;
  const number = fraction ? `${whole}.${fraction}` : `${whole}`;
  return number === '0' ? '0' : `${sign}${number}`;
}

/** A revision for people and JSON: a number where that loses nothing, else text. */
export function revisionToJson(revision: string): number | string {
  const number = Number(revision);
  return String(number) === revision ? number : revision;
}
