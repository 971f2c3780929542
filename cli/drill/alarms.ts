/** The alarms of a stage: what they are, and what they have done since. */
import {
  type MetricAlarm,
  paginateDescribeAlarmHistory,
  paginateDescribeAlarms,
  SetAlarmStateCommand,
} from '@aws-sdk/client-cloudwatch';
import type { DrillStage } from './stage.ts';

export interface AlarmView {
  /** In the account: `Inlet-dev-Throttles-ingest`. */
  readonly fullName: string;
  /** In the runbook: `Throttles`. */
  readonly rule: string;
  /** Of which function, or the gateway; undefined for an alarm of the whole. */
  readonly part: string | undefined;
  readonly isRinging: boolean;
  /** When it began to be so; epoch milliseconds. */
  readonly since: number;
  readonly definition: MetricAlarm;
}

export function nameOf({ rule, part }: Pick<AlarmView, 'rule' | 'part'>): string {
  return part === undefined ? rule : `${rule}-${part}`;
}

/** By name. A stage `dev` has none of those of a stage `dev-eu`: rules begin with a capital letter. */
export async function describeAlarms({ cloudwatch, stage }: DrillStage): Promise<readonly AlarmView[]> {
  const AlarmNamePrefix = `Inlet-${stage.name}-`;
  const alarms: AlarmView[] = [];
  for await (const page of paginateDescribeAlarms(
    { client: cloudwatch },
    { AlarmNamePrefix, AlarmTypes: ['MetricAlarm'] },
  )) {
    for (const definition of page.MetricAlarms ?? []) {
      const { AlarmName = '', StateValue, StateTransitionedTimestamp, StateUpdatedTimestamp } = definition;
      const [, rule, part] =
        /^([A-Z][A-Za-z0-9]*)(?:-([a-z0-9-]+))?$/.exec(AlarmName.slice(AlarmNamePrefix.length)) ?? [];
      if (rule === undefined) continue;
      const since = (StateTransitionedTimestamp ?? StateUpdatedTimestamp ?? new Date(0)).getTime();
      alarms.push({ fullName: AlarmName, rule, part, isRinging: StateValue === 'ALARM', since, definition });
    }
  }
  return alarms.sort((a, b) => (a.fullName < b.fullName ? -1 : 1));
}

/** What happened to an alarm, in order. Times in epoch milliseconds. */
export interface AlarmStep {
  readonly at: number;
  /** The new state, or what became of an action. */
  readonly kind: 'ALARM' | 'OK' | 'INSUFFICIENT_DATA' | 'action' | 'failed action';
}

/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_AlarmHistoryItem.html */
export async function historyOf(
  { cloudwatch }: Pick<DrillStage, 'cloudwatch'>,
  AlarmName: string,
  since: number,
): Promise<readonly AlarmStep[]> {
  const steps: AlarmStep[] = [];
  for await (const page of paginateDescribeAlarmHistory(
    { client: cloudwatch },
    { AlarmName, StartDate: new Date(since), ScanBy: 'TimestampAscending' },
  )) {
    for (const { HistoryItemType, HistorySummary = '', Timestamp } of page.AlarmHistoryItems ?? []) {
      const at = Timestamp?.getTime() ?? 0;
      const [, state] = / to (ALARM|OK|INSUFFICIENT_DATA)$/.exec(HistorySummary) ?? [];
      if (HistoryItemType === 'StateUpdate' && state) steps.push({ at, kind: state as AlarmStep['kind'] });
      if (HistoryItemType === 'Action')
        steps.push({ at, kind: HistorySummary.startsWith('Successfully') ? 'action' : 'failed action' });
    }
  }
  return steps;
}

/** Rings an alarm whose cause cannot be brought about. CloudWatch sets it right at its next evaluation. */
export async function setRinging(
  { cloudwatch }: Pick<DrillStage, 'cloudwatch'>,
  AlarmName: string,
): Promise<void> {
  const StateReason = 'inlet drill: tries the way from the alarm to whoever is on call. Nothing is wrong.';
  await cloudwatch.send(new SetAlarmStateCommand({ AlarmName, StateValue: 'ALARM', StateReason }));
}
