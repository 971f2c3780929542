import type { InletConfig } from '../functions/config/config.ts';
import { type TableName, Tables } from '../functions/core/names.ts';
import type { Ingress } from './ingress.ts';
import { addOutput, type Place } from './place.ts';
import type { Processing } from './processing.ts';
import { capitalized, type Store } from './store.ts';

export interface OutputsOf {
  readonly stage: Place;
  readonly config: InletConfig;
  readonly store: Store;
  readonly processing: Processing;
  readonly ingress: Ingress;
}

/**
 * A stack has at most 200 outputs
 * (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html). With more sources than
 * these none has one of its own.
 */
const SOURCES_WITH_OUTPUT = 150;

/** What `cdk deploy` prints: the URL to register for each source, and what `inlet --stage` needs to find. */
export function addOutputs({ config, stage, store, processing, ingress }: OutputsOf): void {
  const output = (name: string, value: string, description: string) =>
    addOutput(stage, name, value, description);

  output(
    'SourceUrls',
    `${ingress.origin}/webhooks/<source>`,
    'The URL of each source: inlet sources --stage lists them.',
  );
  const sources = Object.entries(config.sources);
  if (sources.length <= SOURCES_WITH_OUTPUT) {
    const names = outputNames(Object.keys(config.sources));
    for (const [source, { provider }] of sources)
      output(
        names[source] ?? source,
        `${ingress.origin}/webhooks/${source}`,
        `Register this URL with ${provider}: source ${source}.`,
      );
  }
  output(
    'SecretsPath',
    ingress.secretsPath,
    'The secrets of a source lie in the SSM parameter <path>/<source>, or in the secret of that name.',
  );
  for (const name of Object.keys(Tables) as TableName[])
    output(`${capitalized(name)}TableName`, store.tables[name].tableName, `The ${name} table.`);
  output('InboxQueueUrl', processing.inbox.queueUrl, 'The queue between ingest and worker.');
  output('DeadLetterQueueUrl', processing.deadLetterQueue.queueUrl, 'What the inbox queue gave up on.');
  output('BodiesBucketName', store.bodies.bucketName, 'Bodies too large for a message.');
  output('IngestLogs', ingress.ingest.logs.logGroupName, 'Log group of ingest.');
  output('WorkerLogs', processing.worker.logs.logGroupName, 'Log group of the worker.');
  output('DeadLettersLogs', processing.deadLetters.logs.logGroupName, 'Log group of the dead letters.');
  for (const [name, fn] of [
    ['Ingest', ingress.ingest],
    ['Worker', processing.worker],
    ['DeadLetters', processing.deadLetters],
  ] as const)
    output(`${name}FunctionName`, fn.functionName, 'For inlet drill.');
  output('AccessLogs', ingress.accessLogs.logGroupName, 'Log group of the gateway.');
}

/**
 * The name of each source's URL output, which takes letters and digits only: `enterprise-communications` →
 * `WebhookEnterpriseCommunications`. Two sources that would share a name get a number.
 */
export function outputNames(sources: readonly string[]): Readonly<Record<string, string>> {
  const taken = new Set<string>();
  const names: Record<string, string> = {};
  for (const source of [...sources].sort()) {
    const base = `Webhook${source
      .split(/[^A-Za-z0-9]+/)
      .map(capitalized)
      .join('')}`;
    let name = base;
    for (let n = 2; taken.has(name); n++) name = `${base}${n}`;
    taken.add(name);
    names[source] = name;
  }
  return names;
}
