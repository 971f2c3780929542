import { Duration, Stack } from 'aws-cdk-lib';
import {
  type Alarm,
  AlarmStatusWidget,
  Dashboard,
  GraphWidget,
  GraphWidgetView,
  LogQueryVisualizationType,
  LogQueryWidget,
  MathExpression,
  SingleValueWidget,
  Stats,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { GIVEN_UP, OUTCOMES, State } from '../functions/core/states.ts';
import { outcomes, type Watched } from './alarms.ts';
import { errorRate, refusedBy } from './edge.ts';
import { savedQueries } from './queries.ts';

export interface DashboardProps extends Watched {
  /** Begins its name. */
  readonly title: string;
  readonly alarms: readonly Alarm[];
  readonly logs: readonly LogGroup[];
}

const PERIOD = Duration.minutes(5);

/**
 * One screen, read from the top: is anything ringing, how many events had which fate today, and then over time what
 * comes in, how fast it is answered, and whether anything waits.
 */
export function createDashboard(scope: Construct, props: DashboardProps): Dashboard {
  const { namespace, ingress, processing, alarms, logs, title } = props;
  const count = (outcome: string) => outcomes(namespace, outcome);
  /** A line for each source, also for those that are added later. */
  const bySource = (outcome: string, metricName: string, statistic: string, label: string) =>
    new MathExpression({
      expression: `SEARCH('{"${namespace}",outcome,source} MetricName="${metricName}" outcome="${outcome}"', '${statistic}', 300)`,
      label,
      period: PERIOD,
    });
  const [, rejections] = savedQueries;
  const { region } = Stack.of(scope);
  const most = { period: PERIOD, statistic: Stats.MAXIMUM };

  const dashboard = new Dashboard(scope, 'Dashboard', {
    // Dashboards are global in an account, stages are not.
    dashboardName: `${title}-${region}`,
    defaultInterval: Duration.hours(12),
  });
  dashboard.addWidgets(new AlarmStatusWidget({ title: 'Alarms', alarms: [...alarms], width: 24, height: 3 }));
  dashboard.addWidgets(
    new SingleValueWidget({
      title: 'Events in this time',
      metrics: ['accepted', 'duplicate', 'rejected', 'unavailable', ...OUTCOMES].map(count),
      setPeriodToTimeRange: true,
      width: 24,
      height: 4,
    }),
  );
  dashboard.addWidgets(
    new GraphWidget({
      title: 'Accepted, by source',
      left: [bySource('accepted', 'ms', 'SampleCount', '')],
      view: GraphWidgetView.TIME_SERIES,
      stacked: true,
      width: 12,
    }),
    new GraphWidget({
      title: 'Time of ingest to acknowledge (ms, starts left out; providers give up after 3 to 10 s)',
      left: [ingress.latency(PERIOD, 'p50'), ingress.latency(PERIOD, 'p99')],
      leftAnnotations: [{ value: 3000, label: 'alarm', color: '#d62728' }],
      width: 12,
    }),
    new GraphWidget({
      title: 'Waiting events, and how long the oldest waits (s)',
      // An event that is given back is hidden, or delayed: most of what waits after a failure is not visible.
      left: [
        processing.inbox.metricApproximateNumberOfMessagesVisible({ ...most, label: 'visible' }),
        processing.inbox.metricApproximateNumberOfMessagesDelayed({ ...most, label: 'delayed' }),
        processing.inbox.metricApproximateNumberOfMessagesNotVisible({
          ...most,
          label: 'with the worker, or given back',
        }),
      ],
      right: [processing.inbox.metricApproximateAgeOfOldestMessage({ ...most, label: 'age of the oldest' })],
      width: 12,
    }),
    new GraphWidget({
      title: 'From arrival to its fate, by source (ms, p90)',
      left: [bySource(State.applied, 'age', 'p90', '')],
      width: 12,
    }),
    new GraphWidget({
      title: 'What went wrong',
      left: ['rejected', 'unavailable', 'failed', 'error', ...GIVEN_UP].map(count),
      width: 12,
    }),
    new LogQueryWidget({
      title: rejections?.name ?? '',
      logGroupNames: logs.map(({ logGroupName }) => logGroupName),
      queryLines: [...(rejections?.lines ?? [])],
      view: LogQueryVisualizationType.TABLE,
      width: 12,
    }),
  );
  if (ingress.front) {
    const { front } = ingress;
    dashboard.addWidgets(
      new GraphWidget({
        title: 'At the edge: answers by status (%), and requests that the firewall refused',
        left: [errorRate(front, '4xx'), errorRate(front, '5xx')],
        // All rules, also of what is no webhook.
        right: ['ALL', ...front.refusing].map((rule) => refusedBy(front, rule)),
        width: 24,
      }),
    );
  }
  return dashboard;
}
