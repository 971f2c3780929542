/** From what was consumed to dollars per million, line by line. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Cpu } from './cpu.ts';
import type { Usage } from './meter.ts';
import type { Consumption } from './metered-run.ts';

export const prices = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../infra/prices.json'), 'utf8'),
) as Prices;

interface Prices {
  readonly date: string;
  readonly region: string;
  readonly httpApiRequest: number;
  readonly httpApiChunkBytes: number;
  readonly lambdaRequest: number;
  readonly lambdaGBSecondArm: number;
  readonly dynamodbWriteUnit: number;
  readonly dynamodbReadUnit: number;
  readonly dynamodbGBMonth: number;
  readonly dynamodbBackupGBMonth: number;
  readonly sqsRequest: number;
  readonly sqsChunkBytes: number;
  readonly logsGB: number;
  readonly kmsRequest: number;
  readonly secretsManagerSecretMonth: number;
  readonly secretsManagerRequest: number;
  readonly logEventOverheadBytes: number;
  readonly assumptions: {
    readonly dynamodbMilliseconds: number;
    readonly sqsMilliseconds: number;
    readonly fullCpuMB: number;
  };
}

export interface Deployment {
  readonly front: 'HTTP API' | 'function URL';
  readonly ingestMB: number;
  readonly workerMB: number;
  /** Events that a worker gets at once: 10 under load, 1 when they come one by one. */
  readonly batch: number;
  readonly bodyBytes: number;
  /** Bytes of the gateway's own log line. */
  readonly accessLogBytes: number;
}

const MILLION = 1_000_000;

/** Dollars per million webhooks, by line. */
export function priceLines(used: Consumption, cpu: Cpu, deployment: Deployment): ReadonlyMap<string, number> {
  const { batch, front, ingestMB, workerMB, bodyBytes } = deployment;
  const lines = new Map<string, number>();
  const add = (line: string, dollars: number) => lines.set(line, (lines.get(line) ?? 0) + dollars * MILLION);
  const gateway = front === 'HTTP API';

  if (gateway) add('HTTP API', Math.ceil(bodyBytes / prices.httpApiChunkBytes) * prices.httpApiRequest);
  add('Lambda requests', prices.lambdaRequest * (1 + 1 / batch));
  const time = milliseconds(used, cpu, deployment);
  add('Lambda ingest time', gbSeconds(time.ingest, ingestMB) * prices.lambdaGBSecondArm);
  add('Lambda worker time', gbSeconds(time.worker, workerMB) * prices.lambdaGBSecondArm);

  for (const { writes, reads } of [used.ingest, used.worker]) {
    for (const [what, units] of writes)
      add(`write: ${what}`, (units / used.events) * prices.dynamodbWriteUnit);
    if (reads > 0) add('reads', (reads / used.events) * prices.dynamodbReadUnit);
  }
  add('SQS send', ((used.ingest.sends + used.worker.sends) / used.events) * prices.sqsRequest);
  const chunks = Math.ceil((used.messageBytes * batch) / prices.sqsChunkBytes);
  add('SQS receive', (chunks / batch) * prices.sqsRequest);
  add('SQS delete', prices.sqsRequest / batch);

  const { ingest, worker } = used.logs;
  const logged = (bytes: number, count: number) =>
    ((bytes + count * prices.logEventOverheadBytes) / 1e9) * prices.logsGB;
  add(
    'logs',
    logged((ingest.bytes + worker.bytes) / used.events, (ingest.lines + worker.lines) / used.events),
  );
  if (gateway) add('access log', logged(deployment.accessLogBytes, 1));
  return lines;
}

/** Billed milliseconds: CPU at the function's share of a CPU, and the waiting for each call after the other. */
export function milliseconds(
  { events, ingest, worker }: Consumption,
  cpu: Cpu,
  { ingestMB, workerMB, batch }: Pick<Deployment, 'ingestMB' | 'workerMB' | 'batch'>,
): Cpu {
  const { dynamodbMilliseconds, sqsMilliseconds, fullCpuMB } = prices.assumptions;
  const slower = (memory: number) => Math.max(1, fullCpuMB / memory);
  const waiting = ({ calls }: Usage) =>
    (calls.dynamodb * dynamodbMilliseconds + calls.sqs * sqsMilliseconds) / events;
  return {
    ingest: cpu.ingest * slower(ingestMB) + waiting(ingest),
    // The events of a batch wait side by side.
    worker: cpu.worker * slower(workerMB) + waiting(worker) / batch,
  };
}

const gbSeconds = (ms: number, megabytes: number): number => (ms / 1000) * (megabytes / 1024);

/** Dollars per million for a month of what stays in the tables, point-in-time backup included. */
export function storagePrice({ events, ingest, worker }: Consumption): number {
  const kept = [...ingest.kept, ...worker.kept].reduce((sum, [, bytes]) => sum + bytes, 0) / events;
  return (kept / 1e9) * MILLION * (prices.dynamodbGBMonth + prices.dynamodbBackupGBMonth);
}

export const sum = (lines: ReadonlyMap<string, number>): number =>
  [...lines.values()].reduce((total, dollars) => total + dollars, 0);
