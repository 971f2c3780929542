/**
 * Loaded before the server (`--import`): the first effect that a handler records is the last thing that the process
 * does. The file named by CRASH_MARKER remembers that it has happened.
 */
import { existsSync, writeFileSync } from 'node:fs';
import { EffectStore } from '../../../functions/store/effects.ts';

const marker = process.env.CRASH_MARKER ?? '';
const { record } = EffectStore.prototype;

EffectStore.prototype.record = async function (...parameters) {
  const recorded = await record.apply(this, parameters);
  if (existsSync(marker)) return recorded;
  writeFileSync(marker, '');
  process.kill(process.pid, 'SIGKILL');
  return new Promise(() => {});
};
