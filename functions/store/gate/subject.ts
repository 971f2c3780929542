import { type Item, number, numberOf, text } from '../../aws/dynamodb.ts';
import type { Candidate, Subject } from '../../core/decide.ts';
import type { EventFacts } from '../../core/facts.ts';
import { FORMAT, type Format } from '../../core/format.ts';
import { stringifyJson } from '../../parsing/json.ts';
import { compress } from '../compress.ts';
import { formatMark } from '../format.ts';

/** An event on its way through the gate. */
export interface GatedEvent {
  readonly source: string;
  readonly facts: EventFacts;
}

export function candidateOf({ facts }: GatedEvent): Candidate {
  return { id: facts.id, revision: facts.revision };
}

export function subjectId({ source, facts }: GatedEvent): string {
  return `${source}#${facts.subject}`;
}

/** Below DynamoDB's 400 KB an item, with room for the other attributes: the ids of its ties may have 16 KB. */
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
  const remove = ['type', 'tenant', 'payload', 'payloadIn', 'format', 'expiresAt'].filter(
    (name) => !(name in set),
  );
  return { set, remove };
}

/**
 * Where a subject remembers the events applied at its revision, once there are two: of a single one `eventId` says it, and
 * the item does not grow.
 */
export const TIES = 'ties';

/** Where a subject remembers the events applied before its last one, the latest first. */
export const RECENT = ['recent1', 'recent2', 'recent3'] as const;

/**
 * Moves the event applied last to those before it. An event whose worker died between the gate and the ledger finds
 * itself there, although a newer one has been applied since: it has been applied, and is not stale.
 */
export const REMEMBER_LAST = remembering('if_not_exists(eventId, :none)');

/** Puts an event before those applied before the last one: it was applied, and is not what the subject shows. */
export const REMEMBER_THIS = remembering(':event');

/** The event `last` becomes the latest of those remembered. */
function remembering(last: string): string {
  return RECENT.map(
    (name, at) => `${name} = ${at === 0 ? last : `if_not_exists(${RECENT[at - 1]}, :none)`}`,
  ).join(', ');
}

/** Moves the request carried out last to the one before it: a message of that one may still come back. */
export const REMEMBER_FORCED = 'forcedBefore = if_not_exists(forcedBy, :none)';

/**
 * An update expression with a placeholder for every attribute, as many of their names are reserved words.
 * @param further assignments, before all others; they may use `:none`, the empty text.
 */
export function updateExpression(set: Item, remove: readonly string[], further?: string) {
  const names = [...Object.keys(set), ...remove];
  const assignments = Object.keys(set).map((name) => `#${name} = :${name}`);
  const removals = remove.map((name) => `#${name}`);
  return {
    UpdateExpression: `SET ${[...(further ? [further] : []), ...assignments].join(', ')}${removals.length > 0 ? ` REMOVE ${removals.join(', ')}` : ''}`,
    ExpressionAttributeNames: Object.fromEntries(names.map((name) => [`#${name}`, name])),
    ExpressionAttributeValues: {
      ...Object.fromEntries(Object.entries(set).map(([name, value]) => [`:${name}`, value])),
      ...(further && { ':none': text('') }),
    } as Item,
  };
}

/** What an item says of its subject, as far as it decides. */
export function readSubject(item: Item | undefined): Subject | undefined {
  if (!item) return undefined;
  return {
    revision: item.revision?.N,
    isLeftOver: item.expiresAt !== undefined,
    eventId: item.eventId?.S,
    ties: item[TIES]?.SS ?? [],
    recent: RECENT.flatMap((name) => item[name]?.S || []),
    leaseUntil: numberOf(item.leaseUntil),
    forced: forcedOf(item),
  };
}

/** The requests of operators that were carried out last, the latest first. */
export function forcedOf(item: Item): readonly string[] {
  return [item.forcedBy?.S, item.forcedBefore?.S].flatMap((force) => force || []);
}
