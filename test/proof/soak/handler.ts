import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { PermanentError } from '../../../functions/core/errors.ts';
import type { Handler } from '../../../functions/core/handler.ts';
import type { RunsFile } from './runs.ts';

/** Longer than any source of the soak gives its handler. */
const HANGS_MS = 3_000;

/** What an event says that its handler does: `fails:2` for the first two runs, `hangs:1` for the first one. */
interface Payload {
  readonly does?: string;
  readonly data?: string;
  readonly sha256?: string;
}

/** A handler that fails, hangs or gives up as its event says, and leaves one effect. */
export function soakHandler(runs: RunsFile): Handler {
  return {
    name: 'soak',
    description: 'Does what its event says.',
    async handle({ payload }, { idempotencyKey, forced, effects }) {
      const { does = 'ok', data = '', sha256 } = payload as Payload;
      const { begun, forced: again } = runs.note(idempotencyKey, forced ? 'forced' : 'begun');
      const [what, times = '0'] = does.split(':');
      const isAmong = begun + again <= Number(times);
      if (what === 'permanent') {
        runs.note(idempotencyKey, 'gaveUp');
        throw new PermanentError('The event says so.');
      }
      if (what === 'fails' && isAmong) {
        runs.note(idempotencyKey, 'failed');
        throw new Error('the event says so');
      }
      if (what === 'hangs' && isAmong) {
        runs.note(idempotencyKey, 'hung');
        // It hears of no signal, wakes up after its time and does its work all the same.
        await pause(HANGS_MS);
      }
      if (sha256 !== undefined && sha256 !== createHash('sha256').update(data).digest('hex')) {
        runs.note(idempotencyKey, 'altered');
      }
      if (await effects.record(idempotencyKey, 'soak', { does })) runs.note(idempotencyKey, 'effects');
      runs.note(idempotencyKey, 'done');
    },
  };
}
