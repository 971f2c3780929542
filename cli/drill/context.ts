import type { Bells } from './bells.ts';
import type { Changes } from './changes.ts';
import type { Pace } from './pace.ts';
import type { Sender, Speaker } from './sender.ts';
import type { DrillStage } from './stage.ts';

/** What every step of a drill has at hand. */
export interface Drill {
  readonly stage: DrillStage;
  readonly pace: Pace;
  /** The clock for putting things back, which an interruption does not stop. */
  readonly undoPace: Pace;
  readonly changes: Changes;
  readonly sender: Sender;
  readonly speakers: readonly Speaker[];
  readonly bells: Bells;
  /** Where the samples of this run begin, so that each run has events of its own. */
  readonly seed: number;
  /** Says what goes on. */
  note(text: string): void;
}
