import { compareRevisions } from '../core/revisions.ts';
import type { RevisionRule } from '../pack/provider.ts';

/** DynamoDB numbers have 38 digits (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html). */
const MAX_DIGITS = 38;

/** What 64 bits hold; everything beyond is no counter and no time. */
const MAX_WHOLE_DIGITS = 20;

/** Clocks of providers and of AWS differ by so much at most, in milliseconds; so far an event may be ahead of its arrival. */
const MAX_AHEAD = 5 * 60_000;

const TOO_LONG = `The revision of this event has more than ${MAX_WHOLE_DIGITS} digits, and would make all that follows stale: name the right path as revision, or write mode 'each', and redrive.`;
const TOO_EARLY =
  "The revision of this event is a time more than 5 minutes after its arrival, and would make all that follows stale: have its sender's clock set right, and name another path as revision, or write mode 'each', to redrive it.";

/**
 * Why a revision must not order its subject, in a sentence; undefined: it may.
 * @param revision as `normaliseRevision` gives it.
 * @param isTime whether it is in epoch milliseconds.
 * @param receivedAt when its event arrived, in epoch milliseconds: whoever asks later is told the same.
 */
export function whyImplausible(revision: string, isTime: boolean, receivedAt: number): string | undefined {
  const [whole = ''] = revision.replace('-', '').split('.');
  if (whole.length > MAX_WHOLE_DIGITS) return TOO_LONG;
  const latest = String(receivedAt + MAX_AHEAD);
  return isTime && compareRevisions(revision, latest) > 0 ? TOO_EARLY : undefined;
}

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

/** ISO 8601 and RFC 3339, with `T` or a space, with or without seconds, fraction and zone. */
const ISO =
  /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2})(?::(\d{2})(?:\.(\d+))?)?)? ?(Z|[+-]\d{2}(?::?\d{2})?)?$/i;

/** RFC 5322, the date of mails and HTTP: `Thu, 01 Jan 2026 10:00:00 GMT`. */
const MAIL_DATE =
  /^(?:[A-Z][a-z]{2}, )?\d{1,2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}(?::\d{2})? (?:GMT|UTC|[+-]\d{4})$/;

/**
 * Only forms that say the same on every machine: `Date.parse` alone would read a time without a zone as local, and
 * even make a date of "rev-3".
 */
function timestampToMilliseconds(text: string): string | undefined {
  const match = ISO.exec(text);
  if (!match) return MAIL_DATE.test(text) ? digitsOf(Date.parse(text)) : undefined;
  const [, date, time = '00:00', seconds = '00', fraction = '', zone = 'Z'] = match;
  const offset = /^z$/i.test(zone)
    ? 'Z'
    : zone.replace(/^(.\d{2}):?(\d{2})?$/, (_, hours, rest = '00') => `${hours}:${rest}`);
  const whole = Date.parse(`${date}T${time}:${seconds}${offset}`);
  return Number.isNaN(whole) ? undefined : shiftThousand(`${whole / 1000}.${fraction}`);
}

function digitsOf(time: number): string | undefined {
  return Number.isNaN(time) ? undefined : String(time);
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
