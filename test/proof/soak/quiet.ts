import { setTimeout as pause } from 'node:timers/promises';
import { httpBackend } from '../../../cli/http-backend.ts';
import type { AuditReport } from '../../../functions/api/types.ts';
import { TOKEN } from './config.ts';
import type { Operator } from './operator.ts';
import type { Plant } from './plant.ts';

const QUIESCENCE_MS = 300_000;
/** In compressed time a message that was lost on its way to the worker is visible again after this. */
const VISIBILITY_MS = 8_000;

/**
 * Waits until nothing is in flight and no message is left.
 * @returns the last audit, also when it is not quiet after `QUIESCENCE_MS`: what is in flight then is lost.
 */
export async function untilQuiet(plant: Plant, operator: Operator): Promise<AuditReport | undefined> {
  const backend = httpBackend(plant.url, TOKEN);
  const started = performance.now();
  let released = started;
  for (;;) {
    if (performance.now() > released + VISIBILITY_MS) {
      plant.release();
      released = performance.now();
    }
    await operator.finish();
    const audit = await backend.audit().catch(() => undefined);
    const isQuiet = audit && audit.total.inFlight + audit.total.unconfirmed + audit.queues.messages === 0;
    if (isQuiet || performance.now() > started + QUIESCENCE_MS) return audit;
    await pause(500);
  }
}
