/** Rings every alarm: what has a cause that can be brought about by it, the others by hand; then waits until all is quiet. */
import { setRinging } from './alarms.ts';
import * as causes from './causes.ts';
import type { Drill } from './context.ts';
import { MINUTE, SECOND } from './pace.ts';
import { forged } from './traffic.ts';

/** Three periods of five minutes, and time for the metrics to come. */
const LONGEST_RING = 22 * MINUTE;
/**
 * CloudWatch looks further back than its periods where there are no newer data points: a lonely one keeps ringing for
 * as long (https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html).
 */
const LONGEST_CLEAR = 30 * MINUTE;
/** Every minute. Rejections wants more than 20 in each of two periods of five minutes, and more than a fifth of all. */
const FORGED_A_MINUTE = 30;

export async function ringAlarms(drill: Drill): Promise<void> {
  const { bells, note, pace } = drill;
  // Looks after each, so that an alarm that has cleared again before the last one is seen.
  const bring = async (...causes: readonly ((drill: Drill) => Promise<void>)[]) => {
    for (const cause of causes) {
      await cause(drill);
      await bells.look();
    }
  };
  note('Rings what can be rung at once: a body that cannot be read, functions that fail, foreign messages.');
  await bring(causes.quarantine, causes.failFunctions);
  const off = pace.now();
  await bring(causes.storageErrors);
  note('The event sources are off from here on, and functions are throttled for a moment.');
  await bring(causes.deadEvent, causes.stuckDeadLetter, causes.waitingEvent, causes.throttle);
  await setOthers(drill);
  await holdUntilRung(drill, Math.min(pace.now() + LONGEST_RING, off + causes.LONGEST_OFF));
  if (bells.silent.length > 0) note(`Did not ring: ${bells.silent.join(', ')}.`);
}

async function setOthers({ stage, bells, speakers }: Drill): Promise<void> {
  // This one begins only now, with the forged requests of every minute.
  if (speakers.some(forged)) bells.ring(`${FORGED_A_MINUTE} forged requests a minute`, 'Rejections');
  await bells.noteOthers();
  for (const { fullName, rule, part } of bells.untouched) {
    bells.ring('set by hand: its cause cannot be brought about from outside', rule, part, true);
    await setRinging(stage, fullName);
  }
}

/** Keeps the slow causes up until every alarm has rung. */
async function holdUntilRung(drill: Drill, deadline: number): Promise<void> {
  const { pace, bells, speakers, sender, note } = drill;
  const lies = speakers.flatMap((speaker) => forged(speaker) ?? []);
  for (let minute = 0; pace.now() < deadline; minute++) {
    const isLying = bells.silent.includes('Rejections');
    for (let n = 0; isLying && lies.length > 0 && n < FORGED_A_MINUTE; n++) {
      const lie = lies[n % lies.length];
      if (lie) await sender.send(lie);
    }
    await pace.pause(30 * SECOND);
    await bells.look();
    await pace.pause(30 * SECOND);
    await bells.look();
    if (bells.silent.length === 0) return;
    if (minute % 5 === 4) note(`Waits for ${bells.silent.join(', ')}.`);
  }
}

export async function awaitQuiet({ pace, bells, note }: Drill): Promise<void> {
  const deadline = pace.now() + LONGEST_CLEAR;
  for (let minute = 0; bells.ringing.length > 0 && pace.now() < deadline; minute++) {
    if (minute % 5 === 0) note(`Everything is put back. Still ringing: ${bells.ringing.join(', ')}.`);
    await pace.pause(MINUTE);
    await bells.look();
  }
}
