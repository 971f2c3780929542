import { expect, test } from '@jest/globals';
import { waitFor } from './wait-for.ts';

test('a deadline counts the time that passes, also where a test lets Date.now run ahead', async () => {
  const real = Date.now;
  let asked = 0;
  Date.now = () => real() + asked * 3_600_000;
  try {
    await waitFor(() => ++asked === 3);
  } finally {
    Date.now = real;
  }
  expect(asked).toBe(3);
});

test('what did not come true is named', async () => {
  await expect(waitFor(() => false, { deadlineMs: 30, what: 'the end' })).rejects.toThrow(
    'the end did not come true',
  );
});
