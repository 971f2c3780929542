/** `--stage`: a deployed Inlet, asked with the caller's own AWS credentials. */

import { SQSClient } from '@aws-sdk/client-sqs';
import { loadConfig } from '../config/load.ts';
import { ApiError } from '../functions/api/api-error.ts';
import { audit } from '../functions/api/audit.ts';
import { clearLease } from '../functions/api/clear-lease.ts';
import { parseEventQuery } from '../functions/api/event-query.ts';
import { getEvent } from '../functions/api/get-event.ts';
import { getSubject } from '../functions/api/get-subject.ts';
import { checkedWindow } from '../functions/api/kept.ts';
import { listEvents } from '../functions/api/list-events.ts';
import { listSources } from '../functions/api/list-sources.ts';
import { type ApiParts, type ApiSetup, createApiParts } from '../functions/api/parts.ts';
import { reclaimEvent } from '../functions/api/reclaim.ts';
import { parseRedrive, redrive } from '../functions/api/redrive.ts';
import { replayEvent } from '../functions/api/replay.ts';
import { parseReplayMany, replayMany } from '../functions/api/replay-many.ts';
import { resetSubject } from '../functions/api/reset-subject.ts';
import type { EventId } from '../functions/api/types.ts';
import { ATTEMPTS, createClients } from '../functions/aws/clients.ts';
import { NewerFormatError } from '../functions/core/format.ts';
import { providers } from '../functions/providers/index.ts';
import { stageOf } from '../infra/stage.ts';
import { type Backend, definedOnly } from './backend.ts';
import { CliError } from './cli-error.ts';
import type { HourDifference } from './compare-counted.ts';
import type { Counted } from './counted.ts';
import { countedByMetrics } from './counted-stage.ts';
import { nameLost } from './name-lost.ts';
import { explainAws, outputOf, readOutputs, regionOf, type StageOutputs } from './stage-outputs.ts';

/**
 * Finds the stage's tables and queues in the outputs of its stack, and asks them with the functions of the read API.
 * The console's login stays out of it: who holds the rights in AWS needs no second account.
 * @throws CliError when there is no such stage, or no credentials.
 */
export async function stageBackend(stage: string, env: NodeJS.ProcessEnv = process.env): Promise<Backend> {
  const outputs = await readOutputs(stage);
  const parts = createApiParts(await stageSetup(outputs, env));
  return {
    ...backendOf(parts, originOf(outputs)),
    counted: (hours) => explained(() => countedOf(stage, parts, hours)),
    nameLost: (hours) => explained(() => nameLostOf(outputs, parts, hours)),
  };
}

async function stageSetup(outputs: StageOutputs, env: NodeJS.ProcessEnv): Promise<ApiSetup> {
  // Any client of the SDK knows the region of the environment and of profiles.
  const probe = new SQSClient({});
  const region = await regionOf(probe.config.region);
  probe.destroy();
  const clients = createClients({
    region,
    attempts: ATTEMPTS.commandLine,
    endpoints: {
      dynamodb: env.AWS_ENDPOINT_URL_DYNAMODB ?? env.AWS_ENDPOINT_URL,
      sqs: env.AWS_ENDPOINT_URL_SQS ?? env.AWS_ENDPOINT_URL,
      s3: env.AWS_ENDPOINT_URL_S3 ?? env.AWS_ENDPOINT_URL,
    },
  });
  return {
    ...clients,
    config: await loadConfig(),
    packs: providers,
    tables: {
      ledger: outputOf(outputs, 'LedgerTableName'),
      subjects: outputOf(outputs, 'SubjectsTableName'),
      archive: outputOf(outputs, 'ArchiveTableName'),
      effects: outputOf(outputs, 'EffectsTableName'),
    },
    inboxQueueUrl: outputOf(outputs, 'InboxQueueUrl'),
    deadLetterQueueUrl: outputOf(outputs, 'DeadLetterQueueUrl'),
    bodiesBucket: outputOf(outputs, 'BodiesBucketName'),
    secrets: { get: () => Promise.reject(new Error('reading needs no secret')) },
    log: {
      // What a command prints is for its caller: of the functions' lines only those that warn.
      log: (level, line) => {
        if (level === 'WARN' || level === 'ERROR') process.stderr.write(`${JSON.stringify(line)}\n`);
      },
    },
    now: Date.now,
  };
}

/** @throws CliError for a stage that does not write down what it accepts. */
async function countedOf(stage: string, { config, now }: ApiParts, hours: number): Promise<Counted> {
  if (config.economy)
    throw new CliError('Nothing is counted: with economy: true ingest has no line for what it accepts.');
  const { CloudWatchClient } = await import('@aws-sdk/client-cloudwatch');
  const cloudwatch = new CloudWatchClient({});
  const sources = Object.keys(config.sources);
  try {
    return await countedByMetrics(cloudwatch, stageOf(stage, config).metrics, sources, hours, now());
  } finally {
    cloudwatch.destroy();
  }
}

async function nameLostOf(
  outputs: StageOutputs,
  parts: ApiParts,
  hours: readonly HourDifference[],
): Promise<readonly EventId[]> {
  const { CloudWatchLogsClient } = await import('@aws-sdk/client-cloudwatch-logs');
  const logs = new CloudWatchLogsClient({});
  try {
    return await nameLost(logs, outputOf(outputs, 'IngestLogs'), parts, hours);
  } finally {
    logs.destroy();
  }
}

/** The same functions and the same checks of what was written as behind the routes of the read API. */
function backendOf(parts: ApiParts, origin: string): Omit<Backend, 'counted'> {
  return {
    origin,
    audit: (window) => explained(() => audit(parts, { window: window && checkedWindow(window, parts) })),
    events: (filters) =>
      explained(() => listEvents(parts, parseEventQuery(new URLSearchParams(definedOnly(filters))))),
    event: (source, id) => explained(() => getEvent(parts, source, id)),
    subject: (source, subject) => explained(() => getSubject(parts, source, subject)),
    resetSubject: (source, subject, dryRun) =>
      explained(() => resetSubject(parts, source, subject, { dryRun })),
    clearLease: (source, subject, dryRun) => explained(() => clearLease(parts, source, subject, { dryRun })),
    sources: async () => listSources(parts.sources),
    replay: (source, id, options) => explained(() => replayEvent(parts, source, id, options)),
    reclaim: (source, id) => explained(() => reclaimEvent(parts, source, id)),
    replayMany: (filters, options) =>
      explained(() => replayMany(parts, parseReplayMany({ ...definedOnly(filters), ...options }))),
    redrive: (filters, ids, dryRun) =>
      explained(() => redrive(parts, parseRedrive({ ...definedOnly(filters), ...(ids && { ids }), dryRun }))),
  };
}

/** `async`, so that what a check of the filters throws is explained as well. */
async function explained<T>(action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    // As by HTTP: 404 and 409 answer the question.
    if (error instanceof ApiError)
      throw new CliError(error.message, error.status === 404 || error.status === 409 ? 1 : 2);
    if (error instanceof NewerFormatError) throw new CliError(error.message);
    throw explainAws(error, 'AWS');
  }
}

/**
 * Where the webhook URLs begin, `<origin>/webhooks/<source>`. A stack of the first version has no output of that form,
 * and one of many sources has no other.
 */
function originOf(outputs: StageOutputs): string {
  const ofSource = Object.entries(outputs).find(([name]) => name.startsWith('Webhook'));
  const url = outputs.SourceUrls ?? ofSource?.[1];
  return url?.replace(/\/webhooks\/[^/]*$/, '') ?? '';
}
