/**
 * From verified bytes to facts: which events a request carries, and the id, type, subject and revision of each.
 * Pure, so that ingest, the worker and `inlet verify` say the same.
 */

import type { SourceConfig } from '../config/config.ts';
import { modeOf } from '../config/mode.ts';
import { optionsOf } from '../config/sources.ts';
import { boundKey, boundReason, boundText, hashOf } from '../core/bounds.ts';
import type { EventFacts } from '../core/facts.ts';
import { isObject } from '../core/is-object.ts';
import { type Field, parsePath, readField, valueAt } from '../pack/fields.ts';
import type { EventShape, Provider } from '../pack/provider.ts';
import type { EventContext } from '../pack/request.ts';
import { schemeOf } from '../pack/scheme-of.ts';
import { parseBody, UnreadableBody } from '../parsing/body.ts';
import { stringifyJson } from '../parsing/json.ts';
import { type Carrier, type Covered, coveredPart } from './covered.ts';
import { redactBody } from './redact.ts';
import { normaliseRevision, whyImplausible } from './revision.ts';

export type Delivery =
  /** One event, or a body that cannot be read: then `facts.quarantine` says why. */
  | { readonly kind: 'event'; readonly facts: EventFacts }
  | { readonly kind: 'batch'; readonly id: string; readonly items: readonly unknown[] }
  /** An authentic request without an event: a heartbeat, an empty list. */
  | { readonly kind: 'none'; readonly id: string };

export type { Carrier } from './covered.ts';

export interface SourceRules {
  readonly provider: Provider;
  readonly config: SourceConfig;
}

/**
 * Twice the most that a provider is known to send in one request: Event Grid up to 5,000, Mandrill and Meta up to 1,000,
 * SendGrid as many as 768 KB hold. Each takes three writes, so that 6 MB of the shortest would keep the worker busy for
 * hours.
 */
const MAX_EVENTS = 10_000;

/** Reads a whole request. Never throws for what a body says: what cannot be read is quarantined. */
export function describeDelivery(rules: SourceRules, carrier: Carrier): Delivery {
  const { events } = rules.provider;
  const covered = coveredOf(rules, carrier);
  let items: readonly unknown[];
  try {
    items = splitBody(events, parseBody(events.format, carrier.body), covered.headers);
    if (items.length > MAX_EVENTS) throw new UnreadableBody(tooMany(items.length));
  } catch (error) {
    const reason =
      error instanceof UnreadableBody
        ? boundReason(error.message)
        : 'The body does not have the expected form.';
    return { kind: 'event', facts: unreadable(covered, carrier, reason) };
  }
  const id = () => hashOf([covered.subpath, carrier.body]);
  if (items.length === 0) return { kind: 'none', id: id() };
  if (items.length > 1) return { kind: 'batch', id: id(), items };
  return { kind: 'event', facts: describeEvent(rules, items[0], carrier, covered) };
}

/**
 * Reads a message or an archived envelope again: an event out of a batch is the JSON text of its item. Only the id of an
 * event stays what it was. Release 0.1.0 stored bodies with their credentials: they are read without.
 * @param carrier with the id of the event, and that of its batch.
 */
export function describeStored(
  rules: SourceRules,
  carrier: Carrier & { readonly id: string; readonly batch?: string | undefined },
): Delivery {
  const delivery: Delivery =
    carrier.batch === undefined
      ? describeDelivery(rules, {
          ...carrier,
          body: redactBody(rules.provider, carrier.body),
        })
      : { kind: 'event', facts: describeItem(rules, carrier) };
  return delivery.kind === 'event' ? { kind: 'event', facts: withId(delivery.facts, carrier.id) } : delivery;
}

function withId(facts: EventFacts, id: string): EventFacts {
  if (facts.id === id) return facts;
  return { ...facts, id, subject: facts.subject === facts.id ? id : facts.subject };
}

/** Reads one event of a split batch, whose body is the JSON text of the item. */
export function describeItem(rules: SourceRules, carrier: Carrier): EventFacts {
  return describeEvent(rules, parseBody('json', carrier.body), carrier);
}

function coveredOf({ provider, config }: SourceRules, carrier: Carrier): Covered {
  return coveredPart(schemeOf(provider, optionsOf(config)), carrier);
}

function tooMany(events: number): string {
  return `The body carries ${events} events, and more than ${MAX_EVENTS} at once come from no provider.`;
}

function splitBody({ split }: EventShape, body: unknown, headers: Carrier['headers']): readonly unknown[] {
  if (split === undefined) return [body];
  if (typeof split === 'function') return split(body, headers);
  const list = split === 'payload' ? body : valueAt(body, parsePath(split).segments);
  return Array.isArray(list) ? list : [body];
}

/** Reads the facts of one parsed event. What a pack cannot make sense of is quarantined, never thrown. */
export function describeEvent(
  rules: SourceRules,
  payload: unknown,
  carrier: Carrier,
  covered = coveredOf(rules, carrier),
): EventFacts {
  try {
    return readFacts(rules, payload, carrier, covered);
  } catch {
    return unreadable(covered, carrier, 'The event does not have the form that its provider documents.');
  }
}

const UNKNOWN_OWNER =
  'The owner of this event is not among the tenants of the source: add it to the configuration and redrive.';
const UNORDERED_DELETION =
  'A deletion that does not say its revision: what is kept of its subject stays as it is.';
const UNREADABLE_REVISION = 'The revision of this event is neither a number nor a time.';

/** Configured paths take the place of the pack's. */
function readFacts(rules: SourceRules, payload: unknown, carrier: Carrier, covered: Covered): EventFacts {
  const { config } = rules;
  const { events } = rules.provider;
  const { headers, subpath, requestId, proofId } = carrier;
  const context: EventContext = {
    payload: covered.payload(payload),
    headers: covered.headers,
    subpath: covered.subpath,
    proofId,
  };
  const whole: EventContext = { payload, headers, subpath, proofId, requestId };
  const read = (field: Field | undefined, from = context) =>
    field === undefined ? undefined : readField(field, from);

  const ownType = read(events.type) ?? read(events.unsignedType, whole);
  const type = config.type === undefined ? ownType : read(config.type, whole);
  const provenType = read(config.type ?? events.type);
  // What an operator names as the id is the operator's own argument.
  const given = config.delivery === undefined ? read(events.id) : read(config.delivery, whole);
  // A configured type may be unsigned, or leave out what the pack tells events of equal bytes apart by.
  const further = [config.type && provenType, read(events.unsignedId?.field, whole)];
  const id = boundKey(given ?? hashOfEvent(events, context, ownType, further));
  const deliveryId = given === undefined ? read(events.deliveryId, whole) : undefined;
  const subject = read(config.subject ?? events.subject);
  const { written, revision, isTime } = readRevision(config, events, read);
  const isLatest = modeOf(rules) === 'latest';
  const implausible = revision && whyImplausible(revision, isTime, carrier.receivedAt);
  // Where nothing is refused by it, one that cannot be right is none: it would spoil the state that is kept besides.
  const ordered = subject !== undefined && revision !== undefined && (isLatest || !implausible);
  // Applied by itself the event would be lost on its subject, and nobody would see.
  const revisionIsUnreadable =
    isLatest && subject !== undefined && written !== undefined && revision === undefined;
  const deleted = events.deletes?.(context) ?? false;
  const owner = read(events.tenant);
  const tenant = owner !== undefined && config.tenants ? ownTenant(config.tenants, owner) : owner;
  const ownerIsUnknown = owner !== undefined && tenant === undefined;
  const disorder = revisionIsUnreadable
    ? UNREADABLE_REVISION
    : isLatest && ordered
      ? implausible || undefined
      : undefined;
  return {
    id,
    type: type && boundText(type),
    subject: subject === undefined ? id : boundKey(subject),
    revision: ordered ? revision : '1',
    ordered,
    gate: isLatest && ordered ? 'subject' : 'entry',
    state: deleted ? 'deleted' : boundText(read(events.state) ?? provenType ?? 'received'),
    deleted,
    tenant: tenant && boundText(tenant),
    ...(deleted && isLatest && !ordered && { remark: UNORDERED_DELETION }),
    quarantine: ownerIsUnknown ? UNKNOWN_OWNER : disorder,
    disorder,
    ...(deliveryId !== undefined && { deliveryId: boundText(deliveryId) }),
    payload,
  };
}

/** The revision as it stands in the event, if it has one, and what it comes to, if it can be read: a time or a counter. */
function readRevision(
  { revision: path }: SourceConfig,
  { revision: rule }: EventShape,
  read: (field: Field | undefined) => string | undefined,
): { readonly written: string | undefined; readonly revision: string | undefined; readonly isTime: boolean } {
  const written = read(path ?? rule?.field);
  if (written === undefined) return { written, revision: undefined, isTime: false };
  if (path === undefined) {
    const isTime = rule?.as !== 'integer';
    return { written, revision: rule && normaliseRevision(written, rule.as), isTime };
  }
  // A configured path says nothing of the form: a number is a counter or an epoch time of any unit, anything else a time.
  const whole = normaliseRevision(written, 'integer');
  if (whole !== undefined) return { written, revision: whole, isTime: false };
  const revision = normaliseRevision(written, 'milliseconds') ?? normaliseRevision(written, 'timestamp');
  return { written, revision, isTime: true };
}

function ownTenant(tenants: NonNullable<SourceConfig['tenants']>, owner: string): string | undefined {
  return Object.hasOwn(tenants, owner) ? tenants[owner]?.name : undefined;
}

function unreadable({ subpath }: Covered, { body, proofId }: Carrier, quarantine: string): EventFacts {
  const id = proofId ?? hashOf([subpath, body]);
  const none = { type: undefined, tenant: undefined, payload: undefined };
  const unordered = { subject: id, revision: '1', ordered: false, gate: 'entry' } as const;
  return { ...none, ...unordered, id, state: 'received', deleted: false, quarantine };
}

/** Without an id that is proven, the event is known by its content and the pack's type, less what attempts change. */
function hashOfEvent(
  { volatile = [] }: EventShape,
  { payload, subpath }: EventContext,
  type: string | undefined,
  further: readonly (string | undefined)[],
): string {
  const paths = volatile.map((path) => parsePath(path).segments.join('.'));
  const text = stringifyJson(omitPaths(payload, new Set(paths), ''));
  return hashOf([subpath, type ?? '', text ?? '', ...further.filter((part) => part !== undefined)]);
}

function omitPaths(value: unknown, paths: ReadonlySet<string>, at: string): unknown {
  if (paths.size === 0 || !isObject(value)) return value;
  const kept = Object.entries(value).filter(([key]) => !paths.has(at + key));
  return Object.fromEntries(kept.map(([key, item]) => [key, omitPaths(item, paths, `${at}${key}.`)]));
}
