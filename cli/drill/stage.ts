/** A deployed stage as the drill meets it: from outside by HTTP, and through AWS with the caller's own credentials. */
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { InletConfig } from '../../functions/config/config.ts';
import { type Stage, stageOf } from '../../infra/stage.ts';
import type { Backend } from '../backend.ts';
import { stageBackend } from '../stage-backend.ts';
import { describeStack, outputOf, outputsOf, type StageOutputs } from '../stage-outputs.ts';

/** The functions behind a webhook, as parts of alarm names have them. */
export const PARTS = ['ingest', 'worker', 'dead-letters'] as const;
export type Part = (typeof PARTS)[number];

export interface DrillStage {
  readonly stage: Stage;
  /** Whether the stack is protected against deletion, as one for production is, however it was said to be one. */
  readonly isLocked: boolean;
  readonly config: InletConfig;
  readonly backend: Backend;
  /** Names of functions, and of log groups; `gateway` is the access log. */
  readonly functions: Readonly<Record<Part, string>>;
  readonly logGroups: Readonly<Record<Part | 'gateway', string>>;
  /** URLs. */
  readonly queues: { readonly inbox: string; readonly deadLetters: string };
  readonly cloudwatch: CloudWatchClient;
  readonly logs: CloudWatchLogsClient;
  readonly lambda: LambdaClient;
  readonly sqs: SQSClient;
  /** How often each operation of AWS was called by these clients: `SQS.SendMessage`. */
  readonly calls: ReadonlyMap<string, number>;
  close(): void;
}

/** Whether webhooks come through the gateway, which has a log and limits of its own. */
export function hasGateway({ config }: Pick<DrillStage, 'config'>): boolean {
  return config.ingress?.via !== 'function-url';
}

/** @throws CliError when there is no such stage, it is older than the drill, or nobody may ask. */
export async function openStage(name: string, config: InletConfig): Promise<DrillStage> {
  const cloudformation = new CloudFormationClient({});
  const stack = await describeStack(cloudformation, name).finally(() => cloudformation.destroy());
  const outputs = outputsOf(stack, name);
  const calls = new Map<string, number>();
  const clients = {
    cloudwatch: new CloudWatchClient({}),
    logs: new CloudWatchLogsClient({}),
    lambda: new LambdaClient({}),
    sqs: new SQSClient({}),
  };
  const counted =
    (service: string) =>
    <Input, Result>(
      next: (input: Input) => Promise<Result>,
      { commandName = '' }: { commandName?: string },
    ) =>
    (input: Input) => {
      const operation = `${service}.${commandName.replace(/Command$/, '')}`;
      calls.set(operation, (calls.get(operation) ?? 0) + 1);
      return next(input);
    };
  const first = { step: 'initialize' } as const;
  clients.cloudwatch.middlewareStack.add(counted('CloudWatch'), first);
  clients.logs.middlewareStack.add(counted('CloudWatchLogs'), first);
  clients.lambda.middlewareStack.add(counted('Lambda'), first);
  clients.sqs.middlewareStack.add(counted('SQS'), first);
  return {
    ...clients,
    ...namesOf(outputs),
    calls,
    stage: stageOf(name, config),
    isLocked: stack.EnableTerminationProtection === true,
    config,
    backend: await stageBackend(name),
    close: () => {
      for (const client of Object.values(clients)) client.destroy();
    },
  };
}

function namesOf(outputs: StageOutputs): Pick<DrillStage, 'functions' | 'logGroups' | 'queues'> {
  const output = (name: string) => outputOf(outputs, name);
  return {
    functions: {
      ingest: output('IngestFunctionName'),
      worker: output('WorkerFunctionName'),
      'dead-letters': output('DeadLettersFunctionName'),
    },
    logGroups: {
      ingest: output('IngestLogs'),
      worker: output('WorkerLogs'),
      'dead-letters': output('DeadLettersLogs'),
      gateway: output('AccessLogs'),
    },
    queues: { inbox: output('InboxQueueUrl'), deadLetters: output('DeadLetterQueueUrl') },
  };
}
