/** A whole drill: audit → traffic → alarms → put back → quiet → audit, metrics and logs compared with what was sent. */

import { GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { State } from '../../functions/core/states.ts';
import { ALARMS } from '../../infra/alarm-names.ts';
import { nameOf } from './alarms.ts';
import { Bells } from './bells.ts';
import { Changes, refuseTraces, undoCommand } from './changes.ts';
import { judgeClaims } from './claims.ts';
import { compareAudit } from './compare-audit.ts';
import { compareLogs } from './compare-logs.ts';
import { compareMetrics } from './compare-metrics.ts';
import type { Drill } from './context.ts';
import { costOf } from './cost.ts';
import type { Difference } from './difference.ts';
import { readLines, type Window } from './lines.ts';
import { MINUTE, type Pace, SECOND, until } from './pace.ts';
import type { Part as DrillPart } from './plan.ts';
import type { DrillResult } from './result.ts';
import { awaitQuiet, ringAlarms } from './ring.ts';
import { depthOf } from './search.ts';
import { findSpeakers, Sender } from './sender.ts';
import { type DrillStage, hasGateway } from './stage.ts';
import { LEFT_TO_DIE, sendTraffic, UNREADABLE } from './traffic.ts';

export interface DrillOptions {
  /** Default: all. */
  readonly only?: DrillPart | undefined;
  /** Whether sources with a handler are meant, too. */
  readonly handlers: boolean;
  readonly cost: boolean;
  readonly seed: number;
  readonly pace: Pace;
  readonly undoPace: Pace;
  note(text: string): void;
}

/** Metrics and log lines are there after a minute or two, counts of the queues after one. */
const SETTLED = 3 * MINUTE;

/**
 * Runs a drill. Whatever happens, what it changed is put back before it ends.
 * @throws when it was interrupted, or the stage cannot be asked.
 */
export async function runDrill(stage: DrillStage, options: DrillOptions): Promise<DrillResult> {
  const { pace, undoPace, note, seed, only } = options;
  const started = pace.now();
  const { speakers, leftOut } = await findSpeakers(stage, options.handlers);
  const before = await stage.backend.audit();
  const changes = new Changes();
  const sender = new Sender(stage, pace);
  const bells = await Bells.open(stage, pace);
  const drill: Drill = { stage, pace, undoPace, changes, sender, speakers, bells, seed, note };
  let notPutBack: readonly string[] = [];
  try {
    if (only !== 'alarms') {
      note(`Sends samples of ${speakers.map(({ source }) => source.name).join(', ') || 'no source'}.`);
      await sendTraffic(sender, speakers, seed, only === undefined);
    }
    if (only !== 'traffic') {
      // Another drill may have begun since this one did.
      await refuseTraces(stage);
      await ringAlarms(drill);
    }
  } finally {
    notPutBack = await changes.undoAll(undoPace);
    for (const problem of notPutBack) note(`NOT PUT BACK: ${problem}`);
    if (notPutBack.length > 0) note(`Put it back: ${undoCommand(stage.stage.name)}`);
  }
  if (only !== 'traffic') await awaitQuiet(drill);
  note('Compares audit, metrics and log lines with what was sent.');
  return finish(drill, { options, started, before, leftOut, notPutBack });
}

interface Ended {
  readonly options: DrillOptions;
  readonly started: number;
  readonly before: Awaited<ReturnType<DrillStage['backend']['audit']>>;
  readonly leftOut: readonly string[];
  readonly notPutBack: readonly string[];
}

async function finish(drill: Drill, ended: Ended): Promise<DrillResult> {
  const { stage, pace, sender, bells } = drill;
  const { options, started, before, leftOut, notPutBack } = ended;
  const elsewhere = await ask(new URL('/inlet-drill', stage.backend.origin));
  const { inbox, deadLetters } = stage.queues;
  const depths = () => Promise.all([depthOf(stage, inbox), depthOf(stage, deadLetters)]);
  await until(pace, SETTLED, 15 * SECOND, async () => (await depths()).every(({ all }) => all === 0));
  await pace.pause(SETTLED);
  const after = await stage.backend.audit();
  const window = { from: floor(started), to: floor(pace.now()) + MINUTE };
  const lines = await readLines(stage, window);
  const { sent } = sender;
  const { differences: ofMetrics, metrics } = await compareMetrics(stage, lines, window);
  const alarms = await bells.results();
  const claims = judgeClaims({
    sent,
    lines,
    bells: alarms,
    calculating: bells.alarms
      .filter(({ definition }) => definition.Metrics?.some(({ Expression }) => Expression))
      .map(nameOf),
    elsewhere,
    hasGateway: hasGateway(stage),
    hasPublicUrl: stage.config.publicUrl !== undefined,
    latencies: await countLatencies(drill, window),
  });
  const differences: readonly Difference[] = [
    ...(options.only === 'traffic' ? [] : judgeBells(alarms)),
    ...compareAudit(sent, lines, before, after, stage.config.economy === true),
    ...compareLogs(sent, lines, {
      isEconomy: stage.config.economy === true,
      hasGateway: hasGateway(stage),
    }),
    ...ofMetrics,
  ];
  const isContradicted = claims.some(({ verdict }) => verdict === 'contradicted');
  const alarmMetrics = bells.alarms.reduce(
    (sum, { definition }) => sum + (definition.Metrics?.filter(({ MetricStat }) => MetricStat).length || 1),
    0,
  );
  return {
    ok: differences.length === 0 && !isContradicted && notPutBack.length === 0,
    stage: stage.stage.name,
    startedAt: new Date(started).toISOString(),
    minutes: Math.round((pace.now() - started) / MINUTE),
    leftOut,
    sent: sent.map(({ source, purpose, outcome, delivery, requestId, status }) => ({
      source,
      purpose,
      outcome,
      delivery,
      requestId,
      status,
    })),
    alarms: options.only === 'traffic' ? [] : alarms,
    differences,
    claims,
    ...(options.cost && {
      cost: costOf({ sent, lines, window, calls: stage.calls, metrics, alarmMetrics }),
    }),
    left: sent
      .filter(
        ({ purpose, delivery }) => delivery !== null && (purpose === UNREADABLE || purpose === LEFT_TO_DIE),
      )
      .map(
        ({ purpose, delivery }) =>
          `${delivery} (${purpose === LEFT_TO_DIE ? State.dead : State.quarantined})`,
      ),
    notPutBack,
  };
}

function judgeBells(bells: DrillResult['alarms']): readonly Difference[] {
  const says = 'docs/runbook.md, Alarms';
  const missing = ALARMS.filter((rule) => !bells.some(({ alarm }) => alarm.split('-')[0] === rule));
  return [
    ...missing.map((rule) => ({ what: `alarm ${rule}`, expected: 'there', seen: 'none', says })),
    ...bells.flatMap(({ alarm, how, secondsToAlarm, secondsToClear, action }) => {
      const what = `alarm ${alarm}`;
      if (secondsToAlarm === undefined) return [{ what, expected: 'rings', seen: `silent: ${how}`, says }];
      return [
        ...(secondsToClear === undefined ? [{ what, expected: 'clears', seen: 'still rings', says }] : []),
        ...(action === 'sent'
          ? []
          : [{ what, expected: 'tells the topic', seen: `action: ${action}`, says }]),
      ];
    }),
  ];
}

/** Data points of what IngestLatency looks at. */
async function countLatencies({ stage, bells }: Drill, { from, to }: Window): Promise<number> {
  const { definition } = bells.alarms.find(({ rule }) => rule === 'IngestLatency') ?? {};
  // An alarm on one metric names it itself, or as the only one of a list.
  const { Namespace, MetricName, Dimensions, ExtendedStatistic, Statistic } = definition ?? {};
  const listed = definition?.Metrics?.find(({ MetricStat }) => MetricStat)?.MetricStat;
  const Metric = listed?.Metric ?? { Namespace, MetricName, Dimensions };
  const Stat = listed?.Stat ?? ExtendedStatistic ?? Statistic;
  if (!Metric.MetricName) return 0;
  const { MetricDataResults = [] } = await stage.cloudwatch.send(
    new GetMetricDataCommand({
      StartTime: new Date(from),
      EndTime: new Date(to),
      MetricDataQueries: [{ Id: 'latency', MetricStat: { Metric, Period: 60, Stat } }],
    }),
  );
  return MetricDataResults[0]?.Values?.length ?? 0;
}

async function ask(url: URL): Promise<{ status: number; body: string }> {
  const response = await fetch(url, { signal: AbortSignal.timeout(30 * SECOND) });
  return { status: response.status, body: (await response.text()).slice(0, 200) };
}

/** Whole minutes. */
const floor = (time: number) => Math.floor(time / MINUTE) * MINUTE;
