import { setTimeout as pause } from 'node:timers/promises';
import {
  CloudWatchLogsClient,
  type CloudWatchLogsClientConfig,
  type FilteredLogEvent,
  FilterLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { CliError } from './cli-error.ts';
import type { Output } from './output.ts';
import { outputOf, readOutputs } from './stage-outputs.ts';
import { tailFilter, tailLine } from './tail-line.ts';
import { readTime } from './time.ts';

export interface TailOptions {
  readonly stage: string;
  readonly source?: string | undefined;
  readonly state?: string | undefined;
  readonly id?: string | undefined;
  /** `1h`: how long ago it begins. */
  readonly since: string;
  /** Ends after so many lines. */
  readonly count?: number | undefined;
  readonly follow: boolean;
}

/** Of CloudFormation, which knows the stage's log groups, and of CloudWatch Logs. */
export type TailClients = Pick<CloudWatchLogsClientConfig, 'region' | 'endpoint' | 'credentials'>;

/** FilterLogEvents may be called five times a second in an account; three groups every two seconds stay below. */
const POLL_MS = 2_000;
/** A line may arrive so much after its own time. */
const LATE_MS = 30_000;

/**
 * `inlet tail --stage`: prints the log lines of ingest, worker and dead letters, in the order of their time.
 * @throws CliError when there is no such stage, or its logs may not be read.
 */
export async function tail(output: Output, options: TailOptions, config: TailClients = {}): Promise<void> {
  const outputs = await readOutputs(options.stage, config);
  const groups = ['IngestLogs', 'WorkerLogs', 'DeadLettersLogs'].map((name) => outputOf(outputs, name));
  const client = new CloudWatchLogsClient(config);
  try {
    const filterPattern = tailFilter(options);
    const seen = new Map<string, number>();
    let from = Number(readTime(options.since, Date.now()));
    if (!Number.isFinite(from)) from = Date.parse(options.since);
    if (!Number.isFinite(from))
      throw new CliError(`--since ${options.since}: write 15m, 2h, 1d or an ISO 8601 time`);
    let left = options.count ?? Number.POSITIVE_INFINITY;
    for (;;) {
      const now = Date.now();
      const found = await Promise.all(groups.map((group) => events(client, group, from, filterPattern)));
      for (const { eventId = '', timestamp = now, message = '' } of found.flat().toSorted(byTime)) {
        if (seen.has(eventId)) continue;
        seen.set(eventId, timestamp);
        output.line(output.json ? message.trimEnd() : tailLine(message, output.human));
        left -= 1;
        if (left === 0) return;
      }
      if (!options.follow) return;
      from = Math.max(from, now - LATE_MS);
      for (const [id, timestamp] of seen) if (timestamp < from) seen.delete(id);
      await pause(POLL_MS);
    }
  } catch (error) {
    if (error instanceof CliError) throw error;
    throw new CliError(
      `CloudWatch Logs cannot be read: ${error instanceof Error ? error.message : error}`,
      1,
    );
  } finally {
    client.destroy();
  }
}

async function events(
  client: CloudWatchLogsClient,
  logGroupName: string,
  startTime: number,
  filterPattern: string,
): Promise<readonly FilteredLogEvent[]> {
  const all: FilteredLogEvent[] = [];
  let nextToken: string | undefined;
  do {
    const page = await client.send(
      new FilterLogEventsCommand({ logGroupName, startTime, filterPattern, ...(nextToken && { nextToken }) }),
    );
    all.push(...(page.events ?? []));
    nextToken = page.nextToken;
  } while (nextToken);
  return all;
}

function byTime(a: FilteredLogEvent, b: FilteredLogEvent): number {
  return (a.timestamp ?? 0) - (b.timestamp ?? 0);
}
