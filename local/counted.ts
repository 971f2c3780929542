/** Counts what ingest takes in, by its log lines as a stage's metrics do, for `inlet audit --counted`. */
import { floorHour } from '../functions/api/kept.ts';
import { type Authorize, bearerOf } from '../functions/api/token.ts';
import type { Logger } from '../functions/core/log.ts';
import type { GatewayHandler } from './http.ts';

/** What `GET /api/counted` answers; times are ISO 8601. */
export interface LocalCount {
  /** When the server was started: nothing is known of the time before. */
  readonly since: string;
  readonly now: string;
  /** By source, then by the hour's beginning. */
  readonly sources: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

/** `now` in epoch milliseconds. */
export function countAccepted(log: Logger, now: () => number): { log: Logger; counted(): LocalCount } {
  const since = now();
  const sources = new Map<string, Map<number, number>>();
  const iso = (time: number) => new Date(time).toISOString();
  return {
    log: {
      log(level, line) {
        const { source, outcome, claim, ms } = line;
        const isNew = outcome === 'accepted' ? claim !== 'again' : claim === 'new';
        if (isNew && typeof source === 'string') {
          const hour = floorHour(now() - Number(ms));
          const hours = sources.get(source) ?? new Map<number, number>();
          sources.set(source, hours.set(hour, (hours.get(hour) ?? 0) + 1));
        }
        log.log(level, line);
      },
    },
    counted: () => ({
      since: iso(since),
      now: iso(now()),
      sources: Object.fromEntries(
        [...sources].map(([source, hours]) => [
          source,
          Object.fromEntries([...hours].map(([hour, number]) => [iso(hour), number])),
        ]),
      ),
    }),
  };
}

/** `GET /api/counted` of the local server. On AWS CloudWatch tells it. @param api answers everything else. */
export function withCounted(
  counted: () => LocalCount,
  authorize: Authorize,
  api: GatewayHandler,
): GatewayHandler {
  return async (event) => {
    if (event.rawPath !== '/api/counted' || !(await authorize(bearerOf(event.headers.authorization))))
      return api(event);
    const headers = { 'content-type': 'application/json', 'cache-control': 'no-store' };
    return { statusCode: 200, headers, body: JSON.stringify(counted()) };
  };
}
