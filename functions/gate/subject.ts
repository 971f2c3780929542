import type { EventFacts } from '../parsing/describe.ts';
import { stringifyJson } from '../parsing/json.ts';
import { compress } from '../shared/compress.ts';
import { type Item, number, numberOf, text } from '../shared/dynamodb.ts';
import { FORMAT, type Format, formatMark } from '../shared/format.ts';

/** An event on its way through the gate. */
export interface GatedEvent {
  readonly source: string;
  readonly facts: EventFacts;
}

export function subjectId({ source, facts }: GatedEvent): string {
  return `${source}#${facts.subject}`;
}

/** Below DynamoDB's 400 KB an item, with room for the other attributes. */
const MAX_PAYLOAD_BYTES = 380_000;

/** The attributes that an applied event leaves on its subject. */
export function appliedAttributes(
  event: GatedEvent,
  now: number,
  expiresAt: number | undefined,
  format: Format = FORMAT,
) {
  const { facts } = event;
  const payload = facts.deleted ? undefined : compress(stringifyJson(facts.payload ?? null));
  // Neither source nor subject: the id says both, and an item of 1 KB costs half of one that is a little larger.
  const set: Item = {
    revision: number(facts.revision),
    eventId: text(facts.id),
    state: text(facts.state),
    updatedAt: number(now),
    ...formatMark(format),
    ...(facts.type !== undefined && { type: text(facts.type) }),
    ...(facts.tenant !== undefined && { tenant: text(facts.tenant) }),
    // One that fits into no item is read from the archive, by the event's id (docs/decisions/0015-large-bodies.md).
    ...(payload &&
      (payload.length <= MAX_PAYLOAD_BYTES ? { payload: { B: payload } } : { payloadIn: text('archive') })),
    ...(expiresAt !== undefined && { expiresAt: number(expiresAt) }),
  };
  // What the event does not have must not stay behind from an older one.
  const remove = ['type', 'tenant', 'payload', 'payloadIn', 'format'].filter((name) => !(name in set));
  return { set, remove };
}

/** An update expression with a placeholder for every attribute, as many of their names are reserved words. */
export function updateExpression(set: Item, remove: readonly string[]) {
  const names = [...Object.keys(set), ...remove];
  const assignments = Object.keys(set).map((name) => `#${name} = :${name}`);
  const removals = remove.map((name) => `#${name}`);
  return {
    UpdateExpression: `SET ${assignments.join(', ')}${removals.length > 0 ? ` REMOVE ${removals.join(', ')}` : ''}`,
    ExpressionAttributeNames: Object.fromEntries(names.map((name) => [`#${name}`, name])),
    ExpressionAttributeValues: Object.fromEntries(
      Object.entries(set).map(([name, value]) => [`:${name}`, value]),
    ) as Item,
  };
}

/**
 * Why the gate refused: the same event has been applied already, a newer one has been, or somebody is at work.
 */
export type Refused =
  | { readonly outcome: 'repeat' }
  | { readonly outcome: 'stale'; readonly revision: string }
  | { readonly outcome: 'busy'; readonly until: number };

export function refusal(event: GatedEvent, subject: Item | undefined): Refused {
  // Gone since (TTL): the next attempt finds the way free.
  if (!subject) return { outcome: 'busy', until: 0 };
  if (subject.eventId?.S === event.facts.id) return { outcome: 'repeat' };
  const applied = subject.revision?.N;
  if (applied !== undefined && compareRevisions(applied, event.facts.revision) >= 0) {
    return { outcome: 'stale', revision: applied };
  }
  return { outcome: 'busy', until: numberOf(subject.leaseUntil) ?? 0 };
}

/** Why a handler must not run again: this request has been carried out, the event is not the newest, or busy. */
export function forcedRefusal(event: GatedEvent, force: string, subject: Item | undefined): Refused {
  const applied = subject?.revision?.N;
  if (subject?.forcedBy?.S === force) return { outcome: 'repeat' };
  const isLast =
    applied !== undefined &&
    subject?.eventId?.S === event.facts.id &&
    compareRevisions(applied, event.facts.revision) === 0;
  if (!isLast) return { outcome: 'stale', revision: applied ?? 'none' };
  return { outcome: 'busy', until: numberOf(subject?.leaseUntil) ?? 0 };
}

/** Negative, zero or positive, as with `Array.sort`, for decimals of any length. */
export function compareRevisions(a: string, b: string): number {
  const [left, right] = align(a, b);
  return left < right ? -1 : left > right ? 1 : 0;
}

/** Two decimals as integers of the same scale. DynamoDB may write large numbers with an exponent. */
function align(a: string, b: string): [bigint, bigint] {
  const [left, right] = [parts(a), parts(b)];
  const scale = Math.max(left.fraction.length, right.fraction.length);
  const scaled = ({ sign, whole, fraction }: ReturnType<typeof parts>) =>
    BigInt(`${sign}${whole}${fraction.padEnd(scale, '0')}`);
  return [scaled(left), scaled(right)];
}

function parts(decimal: string) {
  const [, sign = '', whole = '0', fraction = '', exponent = '0'] =
    /^(-?)(\d*)(?:\.(\d*))?(?:e\+?(-?\d+))?$/i.exec(decimal) ?? [];
  const shift = Number(exponent);
  if (shift === 0) return { sign, whole, fraction };
  const digits = whole + fraction;
  const point = whole.length + shift;
  if (point >= digits.length) return { sign, whole: digits.padEnd(point, '0'), fraction: '' };
  if (point <= 0) return { sign, whole: '0', fraction: '0'.repeat(-point) + digits };
  return { sign, whole: digits.slice(0, point), fraction: digits.slice(point) };
}
