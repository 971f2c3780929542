import type { ApiParts } from '../api/parts.ts';
import { parseBody, type Route } from '../api/routes.ts';
import { feed, parseFeedQuery } from './feed.ts';
import { type Producer, parseProduceRequest } from './produce.ts';
import { type SecretPosition, sourceDetails } from './source-detail.ts';
import type { Me } from './types.ts';
import { parseValuesRequest, readValues } from './values.ts';

export interface ConsoleRouteOptions {
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Milliseconds that the page waits between two questions to the feed. */
  readonly pollMs: number;
  /** Default: none, where the server does not hold the secrets. */
  readonly producer?: Producer;
  /** Default: not known. */
  readonly secretPosition?: SecretPosition;
}

/** What the page needs beside the read API. */
export function consoleRoutes({ now, pollMs, producer, secretPosition }: ConsoleRouteOptions): Route[] {
  const routes: Route[] = [
    {
      method: 'GET',
      path: /^\/api\/me$/,
      answer: (_, { access }): Me => ({
        access,
        pollMs,
        produce: producer !== undefined && access === 'operate',
      }),
    },
    {
      method: 'GET',
      path: /^\/api\/feed$/,
      answer: (parts: ApiParts, { query }) => feed(parts, parseFeedQuery(query), now()),
    },
    {
      method: 'POST',
      path: /^\/api\/values$/,
      answer: (parts: ApiParts, { body }) => readValues(parts, parseValuesRequest(parseBody(body))),
    },
    {
      method: 'GET',
      path: /^\/api\/sources\/details$/,
      answer: async (parts: ApiParts, { origin }) => ({
        sources: await sourceDetails(parts, origin, secretPosition),
      }),
    },
  ];
  if (!producer) return routes;
  return [
    ...routes,
    { method: 'GET', path: /^\/api\/samples$/, answer: () => ({ sources: producer.samples() }) },
    {
      method: 'POST',
      path: /^\/api\/produce$/,
      needs: 'operate',
      answer: async (_, { body }) => ({ sent: await producer.send(parseProduceRequest(parseBody(body))) }),
    },
  ];
}
