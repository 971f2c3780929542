import type { ApiSetup } from '../functions/api/parts.ts';
import { fixedToken } from '../functions/api/token.ts';
import { composeConsole } from '../functions/console/compose.ts';
import type { Logger, LogLine } from '../functions/core/log.ts';
import { consoleAssets } from '../infra/bundle/console.ts';
import type { GatewayHandler } from './http.ts';
import { createProducer } from './producer.ts';

/** Often enough to show an event at once; a question takes the local server about 20 ms. */
const POLL_MS = 400;

/** Remembers from ingest's log lines which secret proved the newest request of each source. */
export function watchSecrets(log: Logger): { log: Logger; position(source: string): number | undefined } {
  const positions = new Map<string, number>();
  return {
    log: {
      log: (level, line: LogLine) => {
        const { source, secret = 0, outcome } = line;
        // The line of a proven request names the position only when it is not the first.
        const isProven = outcome === 'accepted' || outcome === 'duplicate';
        if (isProven && typeof source === 'string') positions.set(source, Number(secret));
        log.log(level, line);
      },
    },
    position: (source) => positions.get(source),
  };
}

/** The console of the local server: a token in place of a login, and a producer. */
export function localConsole(
  setup: ApiSetup,
  token: string,
  origin: string,
  secretPosition: (source: string) => number | undefined,
): GatewayHandler {
  return composeConsole(setup, fixedToken(token), {
    assets: consoleAssets,
    login: { kind: 'token' },
    pollMs: POLL_MS,
    producer: createProducer(setup, origin),
    secretPosition,
  });
}
