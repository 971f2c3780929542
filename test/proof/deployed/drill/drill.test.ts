/** `inlet drill` against the deployed form: every alarm rung and cleared, and everything compared with what was sent. */
import { DeleteMessageCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { runDrill } from '../../../../cli/drill/drill.ts';
import type { Part } from '../../../../cli/drill/plan.ts';
import { report } from '../../../../cli/drill/report.ts';
import type { DrillResult } from '../../../../cli/drill/result.ts';
import { openStage } from '../../../../cli/drill/stage.ts';
import config from '../../../fixtures/inlet.config.ts';
import { prepared } from '../prepared.ts';
import type { Deployment } from '../site.ts';
import { faulty } from './faults.ts';
import { type Simulation, simulate } from './simulation.ts';

const PURPOSES = [
  'sample',
  'repeat',
  'forged',
  'large',
  'batch',
  'unreadable',
  'burst',
  'left to die',
  'waiting',
  'refused',
  'sent again',
];

const before = { ...process.env };
let deployment: Deployment;

beforeAll(async () => {
  deployment = await prepared();
}, 120_000);
afterAll(() => {
  process.env = before;
});

async function drilled(
  template = deployment.template,
  disturb: (simulation: Simulation) => void = () => {},
  only?: Part,
): Promise<{ readonly result: DrillResult; readonly simulation: Simulation }> {
  const simulation = await simulate({ ...deployment, template });
  Object.assign(process.env, simulation.environment);
  disturb(simulation);
  const stage = await openStage('dev', config);
  const { pace } = simulation;
  try {
    const options = {
      only,
      handlers: true,
      cost: true,
      seed: 1_000_000,
      pace,
      undoPace: pace,
      note: () => {},
    };
    return { result: await runDrill(stage, options), simulation };
  } finally {
    stage.close();
    await simulation.close();
  }
}

test('rings and clears every alarm, and finds everything as it is documented', async () => {
  const { result, simulation } = await drilled();
  const { alarms, differences, claims, notPutBack, left, sent } = result;
  expect(differences).toEqual([]);
  expect(claims.filter(({ verdict }) => verdict === 'contradicted')).toEqual([]);
  expect(notPutBack).toEqual([]);
  expect(result.ok).toBe(true);

  const byHand = alarms.filter(({ rung }) => rung === 'by hand').map(({ alarm }) => alarm);
  // A machine that is busy confirms too late, so that the last of them may ring by itself.
  expect(byHand).toEqual(expect.arrayContaining(['HandlerErrors', 'IngestLatency', 'Throttles-gateway']));
  expect(alarms.filter(({ rung }) => rung === 'no')).toEqual([]);
  for (const { secondsToAlarm, secondsToClear, action } of alarms) {
    expect([typeof secondsToAlarm, typeof secondsToClear]).toEqual(['number', 'number']);
    expect(action).toBe('sent');
  }
  expect(new Set(sent.map(({ purpose }) => purpose))).toEqual(new Set(PURPOSES));
  expect(left).toHaveLength(3);
  expectPutBack(simulation);
  expect(report(result).join('\n')).toContain('None: audit, metrics, log lines and access log agree');
}, 180_000);

test('sees a missing filter, an alarm on another dimension, one that tells nobody, a log that is no JSON, a lost event', async () => {
  let isLost = false;
  const { result } = await drilled(faulty(deployment.template), (simulation) => {
    simulation.onTick = async () => {
      // While the event source is off, events wait on the inbox.
      const { lambda, cloud } = simulation;
      const isHeld = lambda.mappings.some(({ isOn, queueId }) => !isOn && queueId === 'DeadLetterQueue');
      if (isLost || !isHeld) return;
      isLost = true;
      const QueueUrl = cloud.created.get('InboxQueue')?.ref;
      const { Messages: [message] = [] } = await cloud.sqs.send(new ReceiveMessageCommand({ QueueUrl }));
      await cloud.sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: message?.ReceiptHandle }));
    };
  });
  const seen = result.differences.map(({ what, seen }) => `${what}: ${seen}`);
  expect(result.ok).toBe(false);
  expect(seen).toContainEqual(expect.stringMatching(/^metric ms source=\S+ outcome=applied: 0$/));
  expect(seen).toContainEqual(expect.stringMatching(/^alarm Quarantined: silent/));
  expect(seen).toContain('alarm StorageErrors: action: none');
  expect(seen).toContainEqual(expect.stringMatching(/^log of gateway: \d+ that are none, such as \{/));
  expect(seen).toContain('audit balanced: false');
  expect(seen).toContainEqual(
    expect.stringMatching(/^line of the worker for (waiting|sent again) \S+: none$/),
  );
  expect(report(result).join('\n')).toContain('DIFFERENCES');
}, 180_000);

test('the traffic alone rings nothing', async () => {
  const { result, simulation } = await drilled(deployment.template, () => {}, 'traffic');
  expect(result).toMatchObject({ ok: true, alarms: [], left: [] });
  const rang = simulation.cloudwatch.alarms
    .filter(({ history }) => history.some(({ summary }) => summary.includes(' to ALARM')))
    .map(({ name }) => name);
  // A machine that is busy confirms too late.
  expect(rang.filter((name) => !/UnconfirmedClaims|IngestLatency/.test(name))).toEqual([]);
}, 60_000);

/** What the drill switches off and takes away is as it was deployed. */
function expectPutBack({ lambda }: Simulation): void {
  expect(lambda.mappings.map(({ isOn }) => isOn)).toEqual([true, true]);
  expect([...lambda.concurrency]).toEqual([]);
}
