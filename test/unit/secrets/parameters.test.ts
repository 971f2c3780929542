import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { UnavailableError } from '../../../functions/core/errors.ts';
import type { LogLine } from '../../../functions/core/log.ts';
import { createSsmSecrets } from '../../../functions/secrets/parameters.ts';
import type { SecretStore } from '../../../functions/secrets/secret-store.ts';
import { createParameterReader } from '../../../functions/secrets/ssm.ts';
import { parseSecrets } from '../../../functions/secrets/text.ts';
import { TEST_CREDENTIALS } from '../../helpers/sigv4.ts';
import { type SsmServer, startSsm } from '../../helpers/ssm-server.ts';

let ssm: SsmServer;
let clock: number;
let lines: LogLine[];
let secrets: SecretStore;

beforeEach(async () => {
  ssm = await startSsm({ '/inlet/test/chargify': '["current","previous"]', '/inlet/test/tasks': 'plain' });
  clock = 1_000_000;
  lines = [];
  secrets = createSsmSecrets({
    path: '/inlet/test',
    read: createParameterReader({
      region: 'eu-west-1',
      credentials: async () => TEST_CREDENTIALS,
      endpoint: ssm.endpoint,
    }),
    log: { log: (_level, line) => void lines.push(line) },
    now: () => clock,
  });
});
afterEach(() => ssm.close());

describe('secrets from SSM', () => {
  test('come from a signed request for the decrypted parameter of the source, the current one first', async () => {
    expect(await secrets.get('chargify')).toEqual(['current', 'previous']);
    expect(await secrets.get('tasks')).toEqual(['plain']);
    expect(ssm.asked).toEqual(['/inlet/test/chargify', '/inlet/test/tasks']);
  });

  test('are asked for again after a quarter of an hour and not before', async () => {
    await secrets.get('chargify');
    ssm.parameters.set('/inlet/test/chargify', '["next","current"]');
    clock += 899_999;
    expect(await secrets.get('chargify')).toEqual(['current', 'previous']);
    clock += 1;
    expect(await secrets.get('chargify')).toEqual(['next', 'current']);
    expect(ssm.asked).toHaveLength(2);
  });

  test('are asked for once by callers at the same time', async () => {
    const all = await Promise.all(Array.from({ length: 20 }, () => secrets.get('chargify')));
    expect(new Set(all).size).toBe(1);
    expect(ssm.asked).toHaveLength(1);
  });

  test('are looked for again 5 s after they were missing', async () => {
    expect(await secrets.get('dotdigital')).toEqual([]);
    ssm.parameters.set('/inlet/test/dotdigital', 'now-set');
    clock += 4_999;
    expect(await secrets.get('dotdigital')).toEqual([]);
    clock += 1;
    expect(await secrets.get('dotdigital')).toEqual(['now-set']);
  });

  test.each(['reset', 'throttle', 'fail'] as const)(
    'outlive one %s of SSM by a second attempt',
    async (fault) => {
      ssm.faults.push(fault);
      expect(await secrets.get('chargify')).toEqual(['current', 'previous']);
      expect(ssm.asked).toHaveLength(2);
      expect(lines).toEqual([]);
    },
  );

  test('stay the last known ones, however old, while SSM fails, and the log says so', async () => {
    await secrets.get('chargify');
    clock += 86_400_000;
    ssm.faults.push('fail', 'fail');
    expect(await secrets.get('chargify')).toEqual(['current', 'previous']);
    expect(lines).toEqual([
      {
        event: 'secrets-unavailable',
        source: 'chargify',
        error: 'InletError',
        code: 'ssm-InternalServerError',
      },
    ]);
    await secrets.get('chargify');
    expect(ssm.asked).toHaveLength(3);
    clock += 5_000;
    ssm.parameters.set('/inlet/test/chargify', 'after-the-failure');
    expect(await secrets.get('chargify')).toEqual(['after-the-failure']);
  });

  test('are unavailable, not empty, when SSM fails before it has answered once', async () => {
    ssm.faults.push('deny');
    await expect(secrets.get('chargify')).rejects.toThrow(UnavailableError);
    expect(ssm.asked).toHaveLength(1);
    expect(await secrets.get('chargify')).toEqual(['current', 'previous']);
  });

  test('are unavailable within 4 s when SSM hangs', async () => {
    ssm.faults.push('hang', 'hang');
    const started = performance.now();
    await expect(secrets.get('chargify')).rejects.toThrow(UnavailableError);
    expect(performance.now() - started).toBeLessThan(4_000);
  });

  test('come to others when one caller gives up', async () => {
    ssm.faults.push('hang');
    const impatient = secrets.get('chargify', AbortSignal.timeout(50));
    const patient = secrets.get('chargify', AbortSignal.timeout(5_000));
    await expect(impatient).rejects.toThrow(UnavailableError);
    expect(await patient).toEqual(['current', 'previous']);
    expect(ssm.asked).toHaveLength(2);
  });

  test('are never in the log', async () => {
    ssm.parameters.set('/inlet/test/chargify', '["half a list", 1]');
    await expect(secrets.get('chargify')).rejects.toThrow(UnavailableError);
    expect(JSON.stringify(lines)).not.toContain('half a list');
    expect(lines).toHaveLength(1);
  });
});

describe('the value of a parameter', () => {
  test.each([
    ['one', ['one']],
    ['one\n', ['one']],
    ['["one"]', ['one']],
    ['["one", "two"]\n', ['one', 'two']],
    ['[not json', ['[not json']],
    ['{"a": 1}', ['{"a": 1}']],
    ['[]', []],
    ['\n', []],
  ])('%j means %j', (value, expected) => {
    expect(parseSecrets(value)).toEqual(expected);
  });

  test.each(['[1]', '["one", ""]', '[["one"]]', '[null]', '["one", "two"'])('%j is refused', (value) => {
    expect(() => parseSecrets(value)).toThrow(SyntaxError);
  });
});
