import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createSsmSecrets } from '../../../functions/secrets/parameters.ts';
import { learnThroughWindow, type SecretShelf } from '../../../functions/secrets/registration-window.ts';
import type { SecretStore } from '../../../functions/secrets/secret-store.ts';
import { createParameters } from '../../../functions/secrets/ssm.ts';
import { TEST_CREDENTIALS } from '../../helpers/sigv4.ts';
import { type SsmServer, startSsm } from '../../helpers/ssm-server.ts';

const NOW = Date.parse('2026-01-01T00:00:00Z');

describe('a registration window', () => {
  const shelf = (end: number | undefined, secrets: readonly string[] = ['old']) => {
    const calls: unknown[] = [];
    const parts: SecretShelf = {
      look: async () => ({
        secrets,
        window: end === undefined ? undefined : { end, take: async () => calls.push('closed') > 0 },
      }),
      secrets: async () => secrets,
      store: async (list) => void calls.push(list),
    };
    return { parts, calls };
  };

  test('is closed before its key is stored in front of the others', async () => {
    const { parts, calls } = shelf(NOW + 1);
    expect(await learnThroughWindow(parts, 'new', NOW)).toBe('learnt');
    expect(calls).toEqual(['closed', ['new', 'old']]);
  });

  test.each([undefined, Number.NaN, NOW, NOW - 1, NOW + 24 * 3_600_000 + 1, Number.POSITIVE_INFINITY])(
    'that ends at %p is none',
    async (end) => {
      const { parts, calls } = shelf(end);
      expect(await learnThroughWindow(parts, 'new', NOW)).toBe('closed');
      expect(calls).toEqual([]);
    },
  );

  test('is not used up by a key that is known', async () => {
    const { parts, calls } = shelf(NOW + 1);
    expect(await learnThroughWindow(parts, 'old', NOW)).toBe('known');
    expect(calls).toEqual([]);
  });

  test('keeps ten secrets', async () => {
    const { parts, calls } = shelf(
      NOW + 1,
      Array.from({ length: 12 }, (_, n) => `secret ${n}`),
    );
    await learnThroughWindow(parts, 'new', NOW);
    expect((calls[1] as string[]).length).toBe(10);
  });
});

describe('a registration window in SSM', () => {
  let ssm: SsmServer;
  let clock: number;
  let secrets: SecretStore;
  /** What one instance of ingest has. */
  const instance = () =>
    createSsmSecrets({
      path: '/inlet/test',
      ...createParameters({
        region: 'eu-west-1',
        credentials: async () => TEST_CREDENTIALS,
        endpoint: ssm.endpoint,
      }),
      log: { log: () => {} },
      now: () => clock,
    });
  beforeEach(async () => {
    ssm = await startSsm({ '/inlet/test/asana': '["old"]' });
    clock = NOW;
    secrets = instance();
  });
  afterEach(() => ssm.close());

  test('takes one key, which is in use at once', async () => {
    expect(await secrets.get('asana')).toEqual(['old']);
    expect(await secrets.learn?.('asana', 'new')).toBe('closed');
    ssm.parameters.set('/inlet/test/asana/window', '2026-01-01T00:10:00Z');
    clock += 5_000;
    expect(await secrets.learn?.('asana', 'new')).toBe('learnt');
    expect(await secrets.get('asana')).toEqual(['new', 'old']);
    expect(ssm.parameters.get('/inlet/test/asana/window')).toMatch(/^closed /);
    expect(await secrets.learn?.('asana', 'newer')).toBe('closed');
  });

  test('stores the first key of a source', async () => {
    ssm.parameters.set('/inlet/test/notion/window', '2026-01-01T00:10:00Z\n');
    expect(await secrets.learn?.('notion', 'first')).toBe('learnt');
    expect(ssm.parameters.get('/inlet/test/notion')).toBe('["first"]');
  });

  test('stores as many keys as a parameter holds, the newest ones', async () => {
    const long = Array.from({ length: 10 }, (_, n) => `${n}`.padEnd(512, '-'));
    ssm.parameters.set('/inlet/test/asana', JSON.stringify(long.slice(0, 7)));
    for (const key of long.slice(7)) {
      ssm.parameters.set('/inlet/test/asana/window', '2026-01-01T00:10:00Z');
      expect(await secrets.learn?.('asana', key)).toBe('learnt');
    }
    const order = [9, 8, 7, 0, 1, 2, 3].map((n) => long[n]);
    expect(await secrets.get('asana')).toEqual(order);
  });

  test('takes nothing while SSM fails, and the provider is asked to come again', async () => {
    ssm.parameters.set('/inlet/test/asana/window', '2026-01-01T00:10:00Z');
    ssm.faults.push('deny');
    await expect(secrets.learn?.('asana', 'new')).rejects.toMatchObject({ code: 'unavailable' });
    expect(ssm.parameters.get('/inlet/test/asana')).toBe('["old"]');
  });

  test('costs a few reads, however many strangers hand keys over while it is closed', async () => {
    const outcomes = await Promise.all(
      Array.from({ length: 100 }, async (_, n) => {
        await secrets.get('asana');
        return secrets.learn?.('asana', `stranger ${n}`);
      }),
    );
    expect(new Set(outcomes)).toEqual(new Set(['closed']));
    expect(ssm.asked.length).toBeLessThanOrEqual(3);
    // One that is opened meanwhile is seen some seconds later.
    ssm.parameters.set('/inlet/test/asana/window', '2026-01-01T00:10:00Z');
    clock += 5_000;
    expect(await secrets.learn?.('asana', 'new')).toBe('learnt');
  });

  test('is taken once, when several instances see it open at once', async () => {
    ssm.parameters.set('/inlet/test/asana/window', '2026-01-01T00:10:00Z');
    const keys = ['one', 'two', 'three', 'four'];
    const outcomes = await Promise.all(keys.map((key) => instance().learn?.('asana', key)));
    expect(outcomes.filter((outcome) => outcome === 'learnt')).toHaveLength(1);
    expect(JSON.parse(ssm.parameters.get('/inlet/test/asana') ?? '')).toEqual([
      keys[outcomes.indexOf('learnt')],
      'old',
    ]);
  });

  test('is taken once within an instance, too', async () => {
    ssm.parameters.set('/inlet/test/asana/window', '2026-01-01T00:10:00Z');
    const outcomes = await Promise.all(['one', 'two', 'three'].map((key) => secrets.learn?.('asana', key)));
    expect(outcomes.toSorted()).toEqual(['closed', 'closed', 'learnt']);
  });

  test('is lost, and not used twice, when the answer to its closing got lost', async () => {
    ssm.parameters.set('/inlet/test/asana/window', '2026-01-01T00:10:00Z');
    ssm.faults.push('pass', 'pass', 'lose');
    expect(await secrets.learn?.('asana', 'new')).toBe('closed');
    expect(ssm.calls.slice(-2)).toEqual(Array(2).fill('PutParameter /inlet/test/asana/window'));
    expect(ssm.parameters.get('/inlet/test/asana')).toBe('["old"]');
  });

  test('that is opened again takes one key again', async () => {
    ssm.parameters.set('/inlet/test/asana/window', '2026-01-01T00:10:00Z');
    const [first, second] = [instance(), instance()];
    const taken = await Promise.all([first.learn?.('asana', 'one'), second.learn?.('asana', 'two')]);
    expect(taken.toSorted()).toEqual(['closed', 'learnt']);
    ssm.parameters.set('/inlet/test/asana/window', '2026-01-01T00:20:00Z');
    clock += 5_000;
    expect(await first.learn?.('asana', 'three')).toBe('learnt');
    expect(await second.learn?.('asana', 'four')).toBe('closed');
  });

  test('answers a repeated handshake of what another instance has learnt', async () => {
    const other = instance();
    await other.get('asana');
    ssm.parameters.set('/inlet/test/asana/window', '2026-01-01T00:10:00Z');
    expect(await secrets.learn?.('asana', 'new')).toBe('learnt');
    expect(await other.learn?.('asana', 'new')).toBe('known');
  });
});
