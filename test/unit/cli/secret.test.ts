/** `inlet secret`: values go in by standard input and never come out. */
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Check } from '../../../cli/check.ts';
import { secretChecks } from '../../../cli/doctor-secrets.ts';
import { changeSecret, listSecrets } from '../../../cli/secret.ts';
import type { InletConfig } from '../../../functions/config/config.ts';
import { localShelf, SET_SECRETS_FILE } from '../../../local/secret-shelf.ts';
import { type SecretsManagerServer, startSecretsManager } from '../../helpers/secrets-manager-server.ts';
import { TEST_ENVIRONMENT } from '../../helpers/sigv4.ts';
import { type SsmServer, startSsm } from '../../helpers/ssm-server.ts';

const folder = mkdtempSync(join(tmpdir(), 'inlet-test-'));
const before = { ...process.env };
let ssm: SsmServer;
let printed: string[];
const output = { human: false, json: false, width: 200, line: (text: string) => void printed.push(text) };
const value = (text: string) => async () => `${text}\n`;

beforeEach(async () => {
  printed = [];
  ssm = await startSsm();
  Object.assign(process.env, {
    AWS_REGION: 'eu-west-1',
    ...TEST_ENVIRONMENT,
    AWS_ENDPOINT_URL_SSM: ssm.endpoint,
    INLET_DATA: folder,
  });
});
afterEach(() => ssm.close());
afterAll(() => {
  process.env = before;
  rmSync(folder, { recursive: true });
});

describe('of a stage', () => {
  const parameter = () => JSON.parse(ssm.parameters.get('/inlet/dev/chargify') ?? '[]') as string[];
  const change = (action: 'set' | 'rotate' | 'retire', text = '') =>
    changeSecret(output, action, 'chargify', { stage: 'dev' }, value(text));

  test('are set before anything is deployed, rotated with an overlap, and retired', async () => {
    await change('set', 'first-secret-of-chargify');
    expect(parameter()).toEqual(['first-secret-of-chargify']);
    await change('rotate', 'second-secret-of-chargify');
    expect(parameter()).toEqual(['second-secret-of-chargify', 'first-secret-of-chargify']);
    // Again the same changes nothing.
    await change('rotate', 'second-secret-of-chargify');
    expect(parameter()).toHaveLength(2);
    await listSecrets(output, { stage: 'dev' });
    expect(printed).toContain('chargify\tchargify\t2');
    await change('retire');
    expect(parameter()).toEqual(['second-secret-of-chargify']);
    await expect(change('retire')).rejects.toThrow('nothing to retire');
    expect(printed.join('\n')).not.toContain('secret-of-chargify');
  });

  test('are refused when they cannot be one, without being quoted', async () => {
    await expect(change('set', '')).rejects.toThrow('it is empty');
    expect(ssm.parameters.size).toBe(0);
    await expect(changeSecret(output, 'set', 'nobody', { stage: 'dev' }, value('x'))).rejects.toThrow(
      'There is no source',
    );
  });

  test('are taken with a warning when they are short', async () => {
    await changeSecret(output, 'set', 'dotdigital', { stage: 'dev' }, value('a strong secret'));
    expect(ssm.parameters.get('/inlet/dev/dotdigital')).toBe('["a strong secret"]');
    expect(JSON.parse(printed[0] ?? '')).toEqual({
      source: 'dotdigital',
      action: 'set',
      secrets: 1,
      warning: expect.stringContaining('shorter than 16 characters'),
    });
    expect(printed.join()).not.toContain('a strong secret');
    await changeSecret({ ...output, human: true }, 'rotate', 'dotdigital', { stage: 'dev' }, value('other'));
    expect(printed[1]).toMatch(/^Warning: It is shorter than 16 characters/);
    const checks: Check[] = [];
    const config = { sources: { dotdigital: { provider: 'dotdigital' } } };
    for await (const check of secretChecks(config, 'dev', process.env)) checks.push(check);
    expect(checks).toMatchObject([
      {
        name: 'secret dotdigital',
        verdict: 'warn',
        message: expect.stringMatching(/^Secret 1: .*Secret 2: /),
      },
    ]);
  });

  test('say what SSM said when it refuses', async () => {
    ssm.faults.push('deny');
    await expect(change('set', 'first-secret-of-chargify')).rejects.toThrow('SSM in eu-west-1 did not do it');
  });
});

describe('of a stage that keeps them in Secrets Manager', () => {
  const config: InletConfig = {
    sources: { shop: { provider: 'chargify' }, tasks: { provider: 'tasks' } },
    secrets: 'secrets-manager',
  };
  const stored = () => manager.secrets.get('inlet/dev/shop')?.value;
  const change = (action: 'set' | 'rotate' | 'retire', text = '') =>
    changeSecret(output, action, 'shop', { stage: 'dev' }, value(text));

  let manager: SecretsManagerServer;
  beforeEach(async () => {
    manager = await startSecretsManager();
    const file = join(folder, 'config.json');
    writeFileSync(file, JSON.stringify(config));
    Object.assign(process.env, {
      INLET_CONFIG: file,
      AWS_ENDPOINT_URL_SECRETS_MANAGER: manager.endpoint,
    });
  });
  afterEach(async () => {
    process.env.INLET_CONFIG = before.INLET_CONFIG;
    await manager.close();
    expect(ssm.asked).toEqual([]);
  });

  test('are created before anything is deployed, rotated with an overlap, and retired', async () => {
    await change('set', 'first-secret-of-shop');
    expect(stored()).toBe('["first-secret-of-shop"]');
    expect(printed).toEqual(['{"source":"shop","action":"set","secrets":1}']);
    await change('rotate', 'second-secret-of-shop');
    expect(stored()).toBe('["second-secret-of-shop","first-secret-of-shop"]');
    await listSecrets(output, { stage: 'dev' });
    expect(printed).toEqual(expect.arrayContaining(['shop\tchargify\t2', 'tasks\ttasks\t0']));
    await change('retire');
    expect(stored()).toBe('["second-secret-of-shop"]');
    expect(manager.asked.filter((asked) => asked.startsWith('Create'))).toEqual([
      'CreateSecret inlet/dev/shop',
    ]);
    expect(printed.join('\n')).not.toContain('secret-of-shop');
  });

  test('cannot be put into what is marked for deletion, and the message says what to do', async () => {
    manager.secrets.set('inlet/dev/shop', { value: 'old', deleted: true });
    await expect(change('set', 'first-secret-of-shop')).rejects.toThrow(
      /Secrets Manager in eu-west-1 .* InvalidRequestException.*restore-secret/,
    );
  });

  test('are looked at there by doctor', async () => {
    manager.secrets.set('inlet/dev/shop', { value: '["first-secret-of-shop"]' });
    const checks: Check[] = [];
    for await (const check of secretChecks(config, 'dev', process.env)) checks.push(check);
    expect(checks).toMatchObject([
      { name: 'secret shop', verdict: 'ok', message: '1 of the right form' },
      {
        name: 'secret tasks',
        verdict: 'wrong',
        message: 'there is none in Secrets Manager inlet/dev/<source> in eu-west-1: every request gets 503',
      },
    ]);
  });
});

test('of the local Inlet are in use at once, in a file that only its owner reads', async () => {
  const shelf = localShelf({ tasks: ['made-up'] }, join(folder, 'handed-over-secrets.json'), Date.now);
  expect(await shelf.store.get('tasks')).toEqual(['made-up']);
  await changeSecret(output, 'set', 'tasks', {}, value('my-own-secret-for-tasks'));
  expect(await shelf.store.get('tasks')).toEqual(['my-own-secret-for-tasks']);
  await changeSecret(output, 'rotate', 'tasks', {}, value('my-next-secret-for-tasks'));
  expect(await shelf.store.get('tasks')).toEqual(['my-next-secret-for-tasks', 'my-own-secret-for-tasks']);
  expect(await shelf.store.get('chargify')).toEqual([]);
  expect(statSync(join(folder, SET_SECRETS_FILE)).mode & 0o777).toBe(0o600);
});

test('cannot be set where nothing is kept', async () => {
  process.env.INLET_DATA = 'memory';
  await expect(changeSecret(output, 'set', 'tasks', {}, value('a-secret'))).rejects.toThrow('INLET_SECRETS');
});
