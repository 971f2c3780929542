/** Secrets from Secrets Manager. How they are kept and refreshed is the same code as for SSM: secrets-ssm.test.ts. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { UnavailableError } from '../../../functions/core/errors.ts';
import type { LogLine } from '../../../functions/core/log.ts';
import type { SecretStore } from '../../../functions/secrets/secret-store.ts';
import { createManagedSecrets, createSecretsManager } from '../../../functions/secrets/secrets-manager.ts';
import { createParameters } from '../../../functions/secrets/ssm.ts';
import { type SecretsManagerServer, startSecretsManager } from '../../helpers/secrets-manager-server.ts';
import { TEST_CREDENTIALS } from '../../helpers/sigv4.ts';
import { type SsmServer, startSsm } from '../../helpers/ssm-server.ts';

const START = Date.parse('2026-01-01T00:00:00Z');
const WINDOW = '/inlet/test/asana/window';

let manager: SecretsManagerServer;
let ssm: SsmServer;
let clock: number;
let lines: LogLine[];
let secrets: SecretStore;

const stored = (name: string) => manager.secrets.get(name)?.value;
const options = (endpoint: string) => ({
  region: 'eu-west-1',
  credentials: async () => TEST_CREDENTIALS,
  endpoint,
});

beforeEach(async () => {
  manager = await startSecretsManager({
    'inlet/test/chargify': '["current","previous"]',
    'inlet/test/tasks': 'plain',
  });
  ssm = await startSsm();
  clock = START;
  lines = [];
  secrets = createManagedSecrets({
    path: '/inlet/test',
    ...createSecretsManager(options(manager.endpoint)),
    parameters: createParameters(options(ssm.endpoint)),
    log: { log: (_level, line) => void lines.push(line) },
    now: () => clock,
  });
});
afterEach(async () => {
  await Promise.all([manager.close(), ssm.close()]);
});

describe('secrets from Secrets Manager', () => {
  test('come from a signed request for the secret of the source, the current one first', async () => {
    expect(await secrets.get('chargify')).toEqual(['current', 'previous']);
    expect(await secrets.get('tasks')).toEqual(['plain']);
    expect(manager.asked).toEqual(['GetSecretValue inlet/test/chargify', 'GetSecretValue inlet/test/tasks']);
    expect(ssm.asked).toEqual([]);
  });

  test('live a quarter of an hour, and are looked up again after a wrong signature, at most once in 10 s', async () => {
    await secrets.get('chargify');
    manager.secrets.set('inlet/test/chargify', { value: '["next","current"]' });
    clock += 9_999;
    expect(await secrets.get('chargify')).toEqual(['current', 'previous']);
    expect(await secrets.refresh?.('chargify')).toBeUndefined();
    clock += 1;
    expect(await secrets.refresh?.('chargify')).toEqual(['next', 'current']);
    clock += 900_000;
    await secrets.get('chargify');
    expect(manager.asked).toHaveLength(3);
  });

  test.each([
    ['does not exist', undefined],
    ['has no value yet', {}],
    ['is marked for deletion', { value: 'deleted', deleted: true }],
  ])('are none where the secret %s, and are looked for again after 5 s', async (_what, secret) => {
    if (secret) manager.secrets.set('inlet/test/mail', secret);
    expect(await secrets.get('mail')).toEqual([]);
    manager.secrets.set('inlet/test/mail', { value: 'now-set' });
    clock += 5_000;
    expect(await secrets.get('mail')).toEqual(['now-set']);
    expect(lines).toEqual([]);
  });

  test('are unavailable, not empty, where the secret is no text', async () => {
    manager.secrets.set('inlet/test/mail', { binary: true });
    await expect(secrets.get('mail')).rejects.toThrow(UnavailableError);
    expect(lines).toMatchObject([{ event: 'secrets-unavailable', code: 'secretsmanager-200' }]);
  });

  test.each(['reset', 'throttle', 'fail'] as const)('outlive one %s by a second attempt', async (fault) => {
    manager.faults.push(fault);
    expect(await secrets.get('tasks')).toEqual(['plain']);
    expect(manager.asked).toHaveLength(2);
  });

  test('are unavailable when the right is missing, and the known ones stay', async () => {
    manager.faults.push('deny');
    await expect(secrets.get('tasks')).rejects.toThrow(UnavailableError);
    expect(manager.asked).toHaveLength(1);
    await secrets.get('tasks');
    clock += 900_000;
    manager.faults.push('deny');
    expect(await secrets.get('tasks')).toEqual(['plain']);
    expect(lines.map(({ code }) => code)).toEqual(Array(2).fill('secretsmanager-AccessDeniedException'));
  });
});

describe('a key that is handed over', () => {
  test('creates the secret, while the window in SSM is open', async () => {
    expect(await secrets.learn?.('asana', 'first')).toBe('closed');
    ssm.parameters.set(WINDOW, '2026-01-01T00:10:00Z');
    clock += 5_000;
    expect(await secrets.learn?.('asana', 'first')).toBe('learnt');
    expect(stored('inlet/test/asana')).toBe('["first"]');
    expect(ssm.parameters).toEqual(new Map([[WINDOW, expect.stringMatching(/^closed /)]]));
    expect(await secrets.get('asana')).toEqual(['first']);
  });

  test('goes in front of the others', async () => {
    manager.secrets.set('inlet/test/asana', { value: '["old"]' });
    ssm.parameters.set(WINDOW, '2026-01-01T00:10:00Z');
    expect(await secrets.learn?.('asana', 'new')).toBe('learnt');
    expect(stored('inlet/test/asana')).toBe('["new","old"]');
    expect(manager.asked.at(-1)).toBe('PutSecretValue inlet/test/asana');
  });

  test('is stored although the answer to its creation got lost', async () => {
    ssm.parameters.set(WINDOW, '2026-01-01T00:10:00Z');
    manager.faults.push('pass', 'pass', 'pass', 'lose');
    expect(await secrets.learn?.('asana', 'first')).toBe('learnt');
    expect(manager.asked.slice(-2)).toEqual(Array(2).fill('CreateSecret inlet/test/asana'));
  });

  test('is not taken when it cannot be stored, and the provider is asked to come again', async () => {
    manager.secrets.set('inlet/test/asana', { value: '["old"]', deleted: true });
    ssm.parameters.set(WINDOW, '2026-01-01T00:10:00Z');
    await expect(secrets.learn?.('asana', 'new')).rejects.toMatchObject({ code: 'unavailable' });
    expect(stored('inlet/test/asana')).toBe('["old"]');
  });
});
