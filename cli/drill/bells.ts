/** Keeps watch over the alarms of a drill: which were rung, how, and what came of it. */
import { type AlarmView, describeAlarms, historyOf, nameOf } from './alarms.ts';
import type { Pace } from './pace.ts';
import type { DrillStage } from './stage.ts';

/** A line of the table. */
export interface Bell {
  /** As the runbook has it, with its part. */
  readonly alarm: string;
  /** What was done to ring it; `not rung` and why. */
  readonly how: string;
  /** `by hand`: its state was set; its metric was not seen. */
  readonly rung: 'by its cause' | 'by hand' | 'no';
  /** From its cause. Undefined: it did not. */
  readonly secondsToAlarm: number | undefined;
  /** From its alarm. Undefined: it did not. */
  readonly secondsToClear: number | undefined;
  /** Whether somebody was told. */
  readonly action: 'sent' | 'failed' | 'none';
}

interface Ringing {
  readonly how: string;
  readonly at: number;
  readonly byHand: boolean;
}

/** How far the clocks of AWS and of this machine may be apart, in milliseconds. */
const SKEW = 30_000;

export class Bells {
  readonly #stage: DrillStage;
  readonly #pace: Pace;
  readonly #started: number;
  #alarms: readonly AlarmView[] = [];
  /** By full name. */
  readonly #rung = new Map<string, Ringing>();
  readonly #seen = new Set<string>();
  readonly #before = new Set<string>();

  private constructor(stage: DrillStage, pace: Pace) {
    this.#stage = stage;
    this.#pace = pace;
    this.#started = pace.now();
  }

  static async open(stage: DrillStage, pace: Pace): Promise<Bells> {
    const bells = new Bells(stage, pace);
    await bells.look();
    for (const { fullName, isRinging } of bells.#alarms) if (isRinging) bells.#before.add(fullName);
    return bells;
  }

  get alarms(): readonly AlarmView[] {
    return this.#alarms;
  }

  /** Those that nothing has been done to yet, but for what was ringing anyway. */
  get untouched(): readonly AlarmView[] {
    return this.#alarms.filter(({ fullName }) => !this.#rung.has(fullName) && !this.#before.has(fullName));
  }

  /** Notes that from now on the alarms of a rule have a cause. Without a part: all of the rule. */
  ring(how: string, rule: string, part?: string, byHand = false): void {
    const at = this.#pace.now();
    for (const alarm of this.#alarms) {
      const isMeant = alarm.rule === rule && (part === undefined || (alarm.part ?? part) === part);
      if (isMeant && !this.#rung.has(alarm.fullName)) this.#rung.set(alarm.fullName, { how, at, byHand });
    }
  }

  /** Notes which alarms without a cause ring all the same, such as when a slow stage confirms too late. */
  async noteOthers(): Promise<void> {
    await this.look();
    for (const { fullName, isRinging, since } of this.untouched)
      if (isRinging) {
        this.#rung.set(fullName, { how: 'rang by itself meanwhile', at: since, byHand: false });
        this.#seen.add(fullName);
      }
  }

  async look(): Promise<void> {
    this.#alarms = await describeAlarms(this.#stage);
    for (const { fullName, isRinging, since } of this.#alarms) {
      const ringing = this.#rung.get(fullName);
      if (isRinging && ringing && since >= ringing.at - SKEW) this.#seen.add(fullName);
    }
  }

  /** Names of those that have a cause and have not rung. */
  get silent(): readonly string[] {
    return this.#alarms
      .filter(({ fullName }) => this.#rung.get(fullName)?.byHand === false && !this.#seen.has(fullName))
      .map(nameOf);
  }

  /** Names of those that ring now and did not before. */
  get ringing(): readonly string[] {
    return this.#alarms
      .filter(({ fullName, isRinging }) => isRinging && !this.#before.has(fullName))
      .map(nameOf);
  }

  async results(): Promise<readonly Bell[]> {
    const results: Bell[] = [];
    for (const alarm of this.#alarms) {
      const ringing = this.#rung.get(alarm.fullName);
      const steps = await historyOf(this.#stage, alarm.fullName, this.#started);
      const from = ringing?.at ?? this.#started;
      const rose = steps.find(({ at, kind }) => kind === 'ALARM' && at >= from - SKEW);
      const fell = rose && steps.find(({ at, kind }) => kind === 'OK' && at >= rose.at);
      const told = rose && steps.find(({ at, kind }) => kind.endsWith('action') && at >= rose.at);
      const seconds = (end: number | undefined, begin: number | undefined) =>
        end === undefined || begin === undefined ? undefined : Math.max(0, Math.round((end - begin) / 1000));
      const before = this.#before.has(alarm.fullName) ? 'it was ringing before' : 'nothing here rings it';
      results.push({
        alarm: nameOf(alarm),
        how: ringing?.how ?? before,
        rung: ringing === undefined ? 'no' : ringing.byHand ? 'by hand' : 'by its cause',
        secondsToAlarm: seconds(rose?.at, from),
        secondsToClear: seconds(fell?.at, rose?.at),
        action: told === undefined ? 'none' : told.kind === 'action' ? 'sent' : 'failed',
      });
    }
    return results;
  }
}
