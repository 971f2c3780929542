/** How old a signed time may be is bounded by how long an entry remembers its event. */
import { describe, expect, test } from '@jest/globals';
import { validateConfig } from '../../../config/validate.ts';

const DAY = 86_400;
const hmac = (toleranceSeconds: number) => ({
  provider: 'hmac',
  options: {
    algorithm: 'sha256',
    header: 'x-signature',
    encoding: 'hex',
    signed: '{timestamp}.{body}',
    timestamp: { header: 'x-time', toleranceSeconds },
  },
});
const stripe = (toleranceSeconds: number) => ({ provider: 'stripe', options: { toleranceSeconds } });
const sources: [string, (seconds: number) => { provider: string; options: object }][] = [
  ['the option of every pack', stripe],
  ['the rule of the pack hmac', hmac],
];

describe.each(sources)('%s', (_what, source) => {
  test.each([
    [undefined, 30],
    [15, 15],
  ])('with retentionDays %p is %d days at most', (retentionDays, days) => {
    const validate = (seconds: number) =>
      validateConfig({ sources: { a: source(seconds) }, ...(retentionDays && { retentionDays }) });
    validate(days * DAY);
    expect(() => validate(days * DAY + 1)).toThrow(
      `toleranceSeconds: write at most ${days * DAY}, the seconds for which an entry is kept (retentionDays)`,
    );
  });
});

test('the retention that counts is that of the provider who repeats longest', () => {
  const sns = {
    provider: 'sns',
    options: { topicArns: ['arn:aws:sns:us-east-1:111122223333:a'], toleranceSeconds: 24 * DAY },
  };
  validateConfig({ sources: { sns }, retentionDays: 15 });
});
