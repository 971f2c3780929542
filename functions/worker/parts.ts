import { keeping } from '../config/config.ts';
import type { Setup } from '../setup/setup.ts';
import { createStores } from '../setup/stores.ts';
import { Gate } from '../store/gate/gate.ts';

/** What both functions behind the queues work with. */
export function createParts(setup: Setup) {
  const { config, dynamodb, tables, log, now } = setup;
  const stores = createStores(setup);
  const { format } = keeping(config);
  return {
    ...stores,
    gate: new Gate(dynamodb, tables.subjects, stores.retentionSeconds, now, format),
    log,
    now,
  };
}
