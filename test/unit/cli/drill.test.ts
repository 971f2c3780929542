/** `inlet drill`: how it judges and prints what it saw, and undoes what it did. */
import { describe, expect, test } from '@jest/globals';
import type { AlarmView } from '../../../cli/drill/alarms.ts';
import { nameOf } from '../../../cli/drill/alarms.ts';
import { Changes } from '../../../cli/drill/changes.ts';
import { type Evidence, judgeClaims } from '../../../cli/drill/claims.ts';
import { compareAudit } from '../../../cli/drill/compare-audit.ts';
import { compareLogs } from '../../../cli/drill/compare-logs.ts';
import { costOf } from '../../../cli/drill/cost.ts';
import type { Lines } from '../../../cli/drill/lines.ts';
import { until } from '../../../cli/drill/pace.ts';
import { report } from '../../../cli/drill/report.ts';
import type { Sent } from '../../../cli/drill/sender.ts';

const request: Sent = {
  source: 'orders',
  purpose: 'sample',
  path: '/webhooks/orders',
  status: 202,
  expected: 'accepted',
  outcome: 'accepted',
  delivery: 'orders/a%20b',
  requestId: 'r1',
  retryAfter: null,
  answer: '',
  events: 1,
  bytes: 10,
};
const ingest = { requestId: 'r1', source: 'orders', outcome: 'accepted', status: 202, ms: 10 };
const worker = { source: 'orders', id: 'a b', outcome: 'applied', ms: 5 };
const access = {
  requestId: 'r1',
  method: 'POST',
  path: '/webhooks/orders',
  status: '202',
};
const groups: Lines['groups'] = { ingest: [ingest], worker: [worker], 'dead-letters': [], gateway: [access] };
const lines: Lines = { groups, unreadable: [], bytes: 1000 };
const usual = { isEconomy: false, hasGateway: true };

describe('log lines', () => {
  const whats = (sent: readonly Sent[], changed: Partial<Lines['groups']>, logged = usual) =>
    compareLogs(sent, { ...lines, groups: { ...groups, ...changed } }, logged).map(({ what }) => what);

  test('that say what was answered are no difference', () => {
    expect(whats([request], {})).toEqual([]);
  });

  test.each([
    ['ingest says nothing', { ingest: [] }, 'line of ingest for sample r1'],
    ['ingest says it twice', { ingest: [ingest, ingest] }, 'line of ingest for sample r1'],
    ['ingest says something else', { ingest: [{ ...ingest, status: 200 }] }, 'line of ingest for sample r1'],
    ['the gateway says nothing', { gateway: [] }, 'access log for sample r1'],
    ['the gateway says another path', { gateway: [{ ...access, path: '/x' }] }, 'access log for sample r1'],
    ['the worker says nothing', { worker: [] }, 'line of the worker for sample orders/a%20b'],
    [
      'the worker says that it failed',
      { worker: [{ ...worker, outcome: 'error' }] },
      'line of the worker for sample orders/a%20b',
    ],
  ])('when %s', (_, changed, what) => {
    expect(whats([request], changed)).toEqual([what]);
  });

  test('when the answer is another than expected', () => {
    expect(whats([{ ...request, expected: 'duplicate' }], {})).toEqual(['answer to sample orders']);
    const taken = { ...request, expected: undefined };
    expect(whats([taken], {})).toEqual(['answer to sample orders']);
  });

  test('that a stage does not write are not missed', () => {
    expect(whats([request], { ingest: [], worker: [] }, { ...usual, isEconomy: true })).toEqual([]);
    expect(whats([request], { gateway: [] }, { ...usual, hasGateway: false })).toEqual([]);
  });
});

describe('the audit', () => {
  const counts = { accepted: 5, applied: 5, stale: 0, quarantined: 0, dead: 0, inFlight: 0, unconfirmed: 0 };
  const audit = (change: Partial<typeof counts>, balanced = true) =>
    ({ balanced, problems: [], total: counts, sources: { orders: { ...counts, ...change } } }) as never;
  const whats = (after: never, more: Lines = lines) =>
    compareAudit([request], more, audit({}), after).map(({ what, expected, seen }) => [what, expected, seen]);

  test('has grown by what was sent', () => {
    expect(whats(audit({ accepted: 6, applied: 6 }))).toEqual([]);
    expect(whats(audit({ accepted: 6, stale: 1 }))).toEqual([]);
  });

  test('is short of an event, or has lost one', () => {
    expect(whats(audit({}))).toEqual([
      ['audit orders accepted', '1', '0'],
      ['audit orders settled', '1', '0'],
    ]);
    expect(whats(audit({ accepted: 6, inFlight: 1 }, false))).toEqual([
      ['audit balanced', 'true', 'false'],
      ['audit orders settled', '1', '0'],
      ['audit orders inFlight', '0', '1'],
    ]);
  });

  test('of an economy stage may have what others have sent, but not less', () => {
    const none = { ...lines, groups: { ...groups, ingest: [] } };
    const judged = (accepted: number) =>
      compareAudit([request], none, audit({}), audit({ accepted, applied: accepted }), true);
    expect(judged(9)).toEqual([]);
    expect(judged(5)).toHaveLength(2);
  });

  test('has what others have sent meanwhile', () => {
    const others = { ...ingest, requestId: 'r2', events: 3 };
    const more = { ...lines, groups: { ...groups, ingest: [ingest, others] } };
    expect(whats(audit({ accepted: 9, applied: 9 }), more)).toEqual([]);
  });
});

describe('claims', () => {
  const refused = { ...request, expected: undefined, outcome: null, status: 500, requestId: 'r3' };
  const evidence: Evidence = {
    sent: [request, refused],
    lines,
    bells: [],
    calculating: [],
    elsewhere: { status: 404, body: 'Not Found' },
    hasGateway: true,
    hasPublicUrl: false,
    latencies: 3,
  };
  const verdicts = (change: Partial<Evidence>) =>
    Object.fromEntries(
      judgeClaims({ ...evidence, ...change }).map(({ claim, verdict }) => [claim.slice(0, 30), verdict]),
    );

  test('are confirmed, contradicted, or not seen', () => {
    expect(verdicts({})).toMatchObject({
      "each line of the gateway's acc": 'confirmed',
      'every answer carries apigw-req': 'contradicted',
      'where Lambda does not run inge': 'contradicted',
      'a request that the gateway thr': 'not seen',
      'the default route leads to ing': 'contradicted',
      'the metric of IngestLatency ha': 'confirmed',
    });
  });

  test('say nothing of what stands behind a publicUrl', () => {
    expect(verdicts({ hasPublicUrl: true })).toMatchObject({ 'the default route leads to ing': 'not seen' });
  });

  test('leave the gateway out of a function URL', () => {
    const rejected = { ...request, outcome: 'rejected', expected: 'rejected', status: 401 };
    const judged = verdicts({
      sent: [request, rejected, { ...refused, status: 429, requestId: null }],
      lines: { ...lines, groups: { ...groups, gateway: [] } },
      hasGateway: false,
    });
    expect(Object.keys(judged)).toHaveLength(5);
    expect(judged).toMatchObject({
      'every answer carries x-amzn-re': 'confirmed',
      'where Lambda does not run inge': 'confirmed',
    });
    expect(Object.values(judged)).not.toContain('contradicted');
  });
});

test('the cost is counted by the lines of the bill', () => {
  const hour = 3_600_000;
  const calls = new Map([
    ['SQS.SendMessage', 7],
    ['CloudWatch.DescribeAlarms', 2],
    ['CloudWatchLogs.FilterLogEvents', 4],
  ]);
  const cost = costOf({
    sent: [request, { ...request, bytes: 1_500_000 }],
    lines,
    window: { from: hour / 2, to: 1.25 * hour },
    calls,
    metrics: 10,
    alarmMetrics: 20,
  });
  const counted = Object.fromEntries(cost.map(({ service, what, count }) => [`${service} ${what}`, count]));
  expect(counted).toMatchObject({
    'API Gateway requests, in chunks of 512 KB': 4,
    'Lambda invocations, at most one a log line': 2,
    'DynamoDB write units': 10,
    'SQS requests': 13,
    'CloudWatch metric hours': 20,
    'CloudWatch requests': 2,
  });
});

test('changes are undone in reverse, each on its own, and one that failed half-way, too', async () => {
  const done: string[] = [];
  const changes = new Changes();
  const note = (text: string) => async () => void done.push(text);
  const fail = (text: string) => async () => {
    throw new Error(text);
  };
  await changes.make('first', note('+1'), note('-1'));
  await changes.make('second', note('+2'), fail('no right'));
  await expect(changes.make('third', fail('broken'), note('-3'))).rejects.toThrow('broken');
  let now = 0;
  const pause = async (milliseconds: number) => {
    now += milliseconds;
  };
  const pace = { now: () => now, pause };
  expect(await changes.undoAll(pace)).toEqual(['second: no right']);
  expect(done).toEqual(['+1', '+2', '-3', '-1']);
  expect(now).toBe(180_000);
  expect(await changes.undoAll(pace)).toEqual([]);
});

test('a change that cannot be undone at first is tried again', async () => {
  let tries = 0;
  const changes = new Changes();
  const undo = async () => {
    tries += 1;
    if (tries < 3) throw new Error('throttled');
  };
  await changes.make('first', async () => {}, undo);
  expect(await changes.undoAll({ now: () => 0, pause: async () => {} })).toEqual([]);
  expect(tries).toBe(3);
});

test('waiting ends with the time', async () => {
  let now = 0;
  const pause = async (milliseconds: number) => {
    now += milliseconds;
  };
  const pace = { now: () => now, pause };
  expect(await until(pace, 10, 3, async () => now >= 6 && now)).toBe(6);
  expect(await until(pace, 10, 3, async () => undefined)).toBeUndefined();
  expect(now).toBe(18);
});

test('the report is Markdown that no value breaks', () => {
  const text = report({
    ok: false,
    stage: 'dev',
    startedAt: '2026-11-28T15:00:00.000Z',
    minutes: 31,
    leftOut: [],
    sent: [request],
    alarms: [
      {
        alarm: nameOf({ rule: 'Throttles', part: 'gateway' } as AlarmView),
        how: 'set by hand',
        rung: 'by hand',
        secondsToAlarm: 0,
        secondsToClear: undefined,
        action: 'none',
      },
    ],
    differences: [{ what: 'a|b', expected: '1\n2', seen: '\u001b[31m', says: 'docs' }],
    claims: [],
    left: [],
    notPutBack: ['the event source of the inbox: no right'],
  }).join('\n');
  expect(text).toContain('# Drill of the stage dev, 2026-11-28T15:00:00.000Z, 31 min: DIFFERENCES');
  expect(text).toContain('| sample | accepted | 1 |');
  expect(text).toContain('| Throttles-gateway | state set by hand | set by hand | 0 | never | none |');
  expect(text).toContain('| a\\|b | 1 2 | ');
  expect(text).not.toContain('\u001b');
  expect(text).toContain('## NOT PUT BACK\n\n- the event source of the inbox: no right');
  expect(text).toContain('`inlet drill --undo --stage dev`');
});
