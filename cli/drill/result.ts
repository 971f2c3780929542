import type { Bell } from './bells.ts';
import type { Claim } from './claims.ts';
import type { CostLine } from './cost.ts';
import type { Difference } from './difference.ts';
import type { Sent } from './sender.ts';

export interface DrillResult {
  /** Everything was as the documentation says: no difference, no claim contradicted, everything put back. */
  readonly ok: boolean;
  readonly stage: string;
  readonly startedAt: string;
  readonly minutes: number;
  /** Sources that the drill could not speak for, each with the reason. */
  readonly leftOut: readonly string[];
  readonly sent: readonly Pick<
    Sent,
    'source' | 'purpose' | 'outcome' | 'delivery' | 'requestId' | 'status'
  >[];
  readonly alarms: readonly Bell[];
  readonly differences: readonly Difference[];
  readonly claims: readonly Claim[];
  readonly cost?: readonly CostLine[];
  /** Events that stay in the ledger as dead or quarantined. */
  readonly left: readonly string[];
  /** What could not be put back. */
  readonly notPutBack: readonly string[];
}
