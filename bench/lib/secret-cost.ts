/** What reading the secrets costs: by the month and not by the webhook, for each source on each instance of ingest. */
import { LIFE_MS, MAX_REFRESH_MS } from '../../functions/secrets/cached.ts';
import { prices } from './price.ts';
import { rounded, table } from './stats.ts';

const MONTH_MS = 30 * 86_400_000;

/** Sources, and instances of ingest that live the whole month and meet every source all the time: the most it can be. */
const SIZES = [
  [1, 1],
  [10, 5],
  [50, 10],
  [200, 50],
] as const;

/** Dollars a month without free tier. A flood: forged requests for every source on every instance, all month long. */
export function secretsTable(): string {
  const dollars = (pairs: number, everyMs: number, price: number) =>
    rounded((pairs * MONTH_MS * price) / everyMs);
  return table(
    ['secrets, $ a month: sources × instances', 'SSM (KMS)', 'in a flood', 'Secrets Manager', 'in a flood'],
    SIZES.map(([sources, instances]) => {
      const pairs = sources * instances;
      const held = sources * prices.secretsManagerSecretMonth;
      const managed = (everyMs: number) =>
        rounded(held + (pairs * MONTH_MS * prices.secretsManagerRequest) / everyMs);
      return [
        `${sources} × ${instances}`,
        dollars(pairs, LIFE_MS, prices.kmsRequest),
        dollars(pairs, MAX_REFRESH_MS, prices.kmsRequest),
        managed(LIFE_MS),
        managed(MAX_REFRESH_MS),
      ];
    }),
  );
}
