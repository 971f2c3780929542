import { createHmac } from 'node:crypto';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { type InletConfig, workerTimes } from '../../../functions/config/config.ts';
import { MAX_RECEIVES } from '../../../functions/core/names.ts';
import type { QueueSpec } from '../../../local/fauxqs.ts';

const effects = { provider: 'dotdigital', handler: 'effects', attempts: 3 } as const;
const each = { ...effects, mode: 'each' } as const;

/**
 * Their events have subjects and revisions. `state` keeps the newest state, `kept` each event; `effects` runs a handler for
 * the newest, `each` for every event, `serial` besides one at a time for a subject whose newest state it keeps.
 */
export const config = {
  sources: {
    state: { provider: 'dotdigital' },
    kept: { provider: 'dotdigital', mode: 'each' },
    effects,
    each,
    serial: { ...each, serial: true, keepState: true },
  },
} as const satisfies InletConfig;

export type SourceName = keyof typeof config.sources;

/** The source has a handler. */
export const hasHandler = (source: SourceName): boolean => 'handler' in config.sources[source];
/** Its events pass by themselves. */
export const isEach = (source: SourceName): boolean => 'mode' in config.sources[source];
/** The subjects of its events are kept. */
export const keepsState = (source: SourceName): boolean =>
  !isEach(source) || 'keepState' in config.sources[source];

export const SECRET = 'secret-of-the-histories';

const queue = (name: string) => ({
  name,
  url: `http://sqs/000000000000/${name}`,
  arn: `arn:aws:sqs:us-east-1:000000000000:${name}`,
});

export const QUEUES = { inbox: queue('inbox'), deadLetters: queue('dead-letters') } as const;

const VisibilityTimeout = String(workerTimes(config).visibility);

export const queueSpecs: readonly QueueSpec[] = [
  { ...QUEUES.deadLetters, attributes: { VisibilityTimeout } },
  {
    ...QUEUES.inbox,
    attributes: {
      VisibilityTimeout,
      RedrivePolicy: JSON.stringify({
        deadLetterTargetArn: QUEUES.deadLetters.arn,
        maxReceiveCount: MAX_RECEIVES,
      }),
    },
  },
];

/** An event as a history names it. */
export interface EventSpec {
  readonly id: string;
  readonly subject: string;
  readonly revision: number;
  /** It has no revision: it is its own subject. */
  readonly own?: boolean;
  /** It deletes its subject. */
  readonly deletes?: boolean;
  /** Its revision stands there as a text that is none: the event has to be quarantined. */
  readonly unreadable?: boolean;
}

/** A delivery: one request that a provider sends, and sends again. */
export interface DeliverySpec {
  readonly source: SourceName;
  readonly events: readonly EventSpec[];
  /** Its body is too large for the queue. */
  readonly large?: boolean;
  /** Every attempt of the provider has other bytes. */
  readonly restless?: boolean;
}

/** More than a message takes. */
const LARGE = 'x'.repeat(800_000);

/** The subject that the gate keeps an event under. */
export function subjectKey({ id, subject, own }: EventSpec): string {
  return own ? id : `space:message:${subject}`;
}

/** The request of a delivery, signed, as API Gateway passes it on. */
export function gatewayEvent(
  { source, events, large, restless }: DeliverySpec,
  attempt = 1,
): APIGatewayProxyEventV2 {
  const list = events.map(({ id, subject, revision, own, deletes, unreadable }) => ({
    eventId: id,
    apiSpaceId: 'space',
    name: deletes ? 'message.delete' : 'message.read',
    payload: { id: subject, ...(large && { text: LARGE }), ...(restless && { attempt }) },
    revision: unreadable ? 'none' : own ? undefined : revision,
  }));
  const body = JSON.stringify(list.length === 1 ? list[0] : list);
  const signature = createHmac('sha1', SECRET).update(body).digest('hex');
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath: `/webhooks/${source}`,
    rawQueryString: '',
    headers: { 'content-type': 'application/json', 'x-comapi-signature': signature },
    requestContext: {
      domainName: 'hooks.test',
      requestId: 'request',
      http: { method: 'POST', path: `/webhooks/${source}` },
    },
    body,
    isBase64Encoded: false,
  } as unknown as APIGatewayProxyEventV2;
}
