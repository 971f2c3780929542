/** After a signature that does not match, secrets are looked up again: soon, and not too often. */
import { expect, test } from '@jest/globals';
import { createSsmSecrets } from '../../functions/shared/secrets-ssm.ts';

function store(now: { ms: number }) {
  const parameter = { value: '["old"]', reads: 0, fails: false };
  const read = async () => {
    parameter.reads += 1;
    if (parameter.fails) throw new Error('no answer');
    return parameter.value;
  };
  return {
    parameter,
    secrets: createSsmSecrets({ path: '/inlet/test', read, log: { log: () => {} }, now: () => now.ms }),
  };
}

test('a new secret works within ten seconds, not only when the cache ends after a minute', async () => {
  const now = { ms: 1_000_000 };
  const { parameter, secrets } = store(now);
  expect(await secrets.get('tasks')).toEqual(['old']);
  parameter.value = '["new","old"]';
  expect(await secrets.refresh?.('tasks')).toBeUndefined();
  now.ms += 10_000;
  expect(await secrets.get('tasks')).toEqual(['old']);
  expect(await secrets.refresh?.('tasks')).toEqual(['new', 'old']);
  expect(await secrets.get('tasks')).toEqual(['new', 'old']);
});

test('a flood of forged requests costs one look-up in ten seconds', async () => {
  const now = { ms: 1_000_000 };
  const { parameter, secrets } = store(now);
  await secrets.get('tasks');
  for (let n = 0; n < 1_000; n++) {
    now.ms += 100;
    await secrets.refresh?.('tasks');
  }
  expect(parameter.reads).toBe(11);
});

test('a look-up that fails leaves the known secrets in force', async () => {
  const now = { ms: 1_000_000 };
  const { parameter, secrets } = store(now);
  await secrets.get('tasks');
  parameter.fails = true;
  now.ms += 10_000;
  expect(await secrets.refresh?.('tasks')).toBeUndefined();
  expect(await secrets.get('tasks')).toEqual(['old']);
});
