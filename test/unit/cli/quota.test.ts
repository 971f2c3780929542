/** `inlet doctor --stage`: whether the account's quota lets ingest run beside the worker. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { concurrencyCheck, judgeConcurrency } from '../../../cli/doctor-quota.ts';
import { validateConfig } from '../../../config/validate.ts';
import type { InletConfig } from '../../../functions/config/config.ts';
import { type AccountLimits, startAccount } from './lambda-account.ts';

const sources: InletConfig['sources'] = { tasks: { provider: 'tasks' } };
const QUOTA = 'https://eu-west-1.console.aws.amazon.com/servicequotas/home/services/lambda/quotas/L-B99A9384';

type Settings = Pick<InletConfig, 'workerConcurrency' | 'ingress'>;
const judge = (settings: Settings, limit: number, unreserved = limit) =>
  judgeConcurrency({ sources, ...settings }, { limit, unreserved }, 'eu-west-1');

describe('asked of Lambda', () => {
  let account: AccountLimits;
  const before = { ...process.env };
  beforeAll(async () => {
    account = await startAccount();
    Object.assign(process.env, {
      AWS_ENDPOINT_URL_LAMBDA: account.endpoint,
      AWS_REGION: 'eu-west-1',
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
    });
  });
  afterAll(() => {
    process.env = before;
    account.close();
  });

  test('an account with room', async () => {
    account.allow({ ConcurrentExecutions: 1000, UnreservedConcurrentExecutions: 900 });
    expect(await concurrencyCheck({ sources })).toEqual({
      name: 'concurrency',
      verdict: 'ok',
      message: '893 of 900 are left to ingest and the console when the worker is busy',
    });
  });

  test('a new account: which quota to raise, and where', async () => {
    account.allow({ ConcurrentExecutions: 10, UnreservedConcurrentExecutions: 10 });
    expect(await concurrencyCheck({ sources })).toEqual({
      name: 'concurrency',
      verdict: 'warn',
      message: '3 of 10 are left to ingest and the console when the worker is busy',
      advice: `Raise the quota "Concurrent executions" of Lambda: ${QUOTA}, or lower workerConcurrency.`,
    });
  });

  test('who may not ask is told so, and nothing is wrong', async () => {
    account.allow(undefined);
    expect(await concurrencyCheck({ sources })).toMatchObject({
      verdict: 'warn',
      advice: expect.stringContaining('These credentials may not ask Lambda'),
    });
  });
});

test.each<[string, Settings, number, number, string, string]>([
  ['half is enough', { workerConcurrency: 3 }, 10, 10, 'ok', '5 of 10'],
  ['less than half is not', { workerConcurrency: 24 }, 50, 50, 'warn', '24 of 50'],
  ['others have reserved most', {}, 1000, 100, 'ok', '93 of 100'],
  ['the worker may take everything', { workerConcurrency: 1000 }, 1000, 1000, 'warn', '0 of 1000'],
  [
    'what is reserved for ingest is safe',
    { workerConcurrency: 60, ingress: { concurrency: 900 } },
    1000,
    100,
    'ok',
    '38 of 100 are left to the console',
  ],
  ['a new account can reserve nothing', { ingress: { concurrency: 1 } }, 10, 10, 'wrong', 'reserves 1 of 10'],
  ['nor more than is there', { ingress: { concurrency: 901 } }, 1000, 1000, 'wrong', 'reserves 901 of 1000'],
])('%s', (_, settings, limit, unreserved, verdict, message) => {
  expect(judge(settings, limit, unreserved)).toMatchObject({
    verdict,
    message: expect.stringContaining(message),
  });
});

test('with the least of workers there is nothing to lower', () => {
  expect(judge({ workerConcurrency: 2 }, 7).advice).toBe(
    `Raise the quota "Concurrent executions" of Lambda: ${QUOTA}.`,
  );
});

test.each([1, 1001, 2.5, '5'])(
  'workerConcurrency %s is refused: an event source takes 2 to 1000',
  (value) => {
    expect(() => validateConfig({ sources, workerConcurrency: value })).toThrow(
      'workerConcurrency: write a whole number from 2 to 1000',
    );
  },
);
