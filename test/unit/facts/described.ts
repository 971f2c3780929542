/** What a delivery says, as one call. */
import type { SourceConfig } from '../../../functions/config/config.ts';
import type { EventFacts } from '../../../functions/core/facts.ts';
import { type Delivery, describeDelivery, type SourceRules } from '../../../functions/facts/describe.ts';
import { providers } from '../../../functions/providers/index.ts';

/** A source with its pack. */
export function rules(config: SourceConfig): SourceRules {
  const provider = providers[config.provider];
  if (!provider) throw new Error(`no pack ${config.provider}`);
  return { provider, config };
}

/** When every delivery arrives, in epoch milliseconds. */
export const RECEIVED_AT = Date.UTC(2026, 0, 1);

/** How a delivery is read. */
export function deliver(config: SourceConfig, body: string | Buffer, headers = {}, subpath = ''): Delivery {
  const request = { body: Buffer.from(body), headers, subpath, receivedAt: RECEIVED_AT };
  return describeDelivery(rules(config), request);
}

/** The facts of a delivery of one event. */
export function facts(...parameters: Parameters<typeof deliver>): EventFacts {
  const delivery = deliver(...parameters);
  if (delivery.kind !== 'event') throw new Error(`a ${delivery.kind}`);
  return delivery.facts;
}

/** An event as dotdigital sends it. */
export const envelope = (name: string, revision: number, more = {}) => ({
  eventId: `e-${name}-${revision}`,
  apiSpaceId: 'space',
  name,
  payload: { id: 'm:1' },
  revision,
  ...more,
});
