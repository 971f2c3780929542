/** Check of `inlet doctor --stage`: whether Lambda lets ingest run beside the worker. */
import {
  DEAD_LETTERS_CONCURRENCY,
  DEFAULT_WORKER_CONCURRENCY,
  type InletConfig,
} from '../functions/config/config.ts';
import type { Check } from './check.ts';
import { explainAws } from './stage-outputs.ts';

/** What of an account's limit nobody may reserve (https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html). */
const NEVER_RESERVED = 100;

export interface Concurrency {
  /** Invocations at the same time that the account may have in the region. */
  readonly limit: number;
  /** The same, without what is reserved for single functions. */
  readonly unreserved: number;
}

/** Asks Lambda in the environment's region. Who may not ask is told so: the right is not needed for anything else. */
export async function concurrencyCheck(config: InletConfig): Promise<Check> {
  const { GetAccountSettingsCommand, LambdaClient } = await import('@aws-sdk/client-lambda');
  const client = new LambdaClient({});
  try {
    const { AccountLimit = {} } = await client.send(new GetAccountSettingsCommand({}));
    const { ConcurrentExecutions: limit = 0, UnreservedConcurrentExecutions: unreserved = limit } =
      AccountLimit;
    return judgeConcurrency(config, { limit, unreserved }, await client.config.region());
  } catch (error) {
    const advice = explainAws(error, 'Lambda').message;
    return { name: 'concurrency', verdict: 'warn', message: 'the quota could not be asked', advice };
  } finally {
    client.destroy();
  }
}

/**
 * Ingest, the worker, the dead letters and the console share what is not reserved. An event source starts workers as
 * long as its queue has messages, so that they can take all but what their maximum leaves.
 */
export function judgeConcurrency(
  { workerConcurrency = DEFAULT_WORKER_CONCURRENCY, ingress }: InletConfig,
  { limit, unreserved }: Concurrency,
  region: string,
): Check {
  const name = 'concurrency';
  const raise = `Raise the quota "Concurrent executions" of Lambda: https://${region}.console.aws.amazon.com/servicequotas/home/services/lambda/quotas/L-B99A9384`;
  const reserved = ingress?.concurrency;
  if (reserved !== undefined && reserved > limit - NEVER_RESERVED)
    return {
      name,
      verdict: 'wrong',
      message: `ingress.concurrency reserves ${reserved} of ${limit}, and Lambda keeps ${NEVER_RESERVED} for all others`,
      advice: `${raise} to ${reserved + NEVER_RESERVED} or more, or remove ingress.concurrency.`,
    };
  const taken = workerConcurrency + DEAD_LETTERS_CONCURRENCY;
  const rest = Math.max(0, unreserved - taken);
  const left = `${rest} of ${unreserved} are left to ${reserved === undefined ? 'ingest and ' : ''}the console when the worker is busy`;
  // What is reserved for ingest nobody can take.
  if (reserved !== undefined ? rest > 0 : rest * 2 >= unreserved)
    return { name, verdict: 'ok', message: left };
  return {
    name,
    verdict: 'warn',
    message: left,
    advice: `${raise}${workerConcurrency > 2 ? ', or lower workerConcurrency' : ''}.`,
  };
}
