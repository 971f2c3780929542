import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { Env } from '../../functions/core/names.ts';

export interface CannedAws {
  readonly endpoint: string;
  /** Calls by operation since the last reset. */
  calls(): Promise<Readonly<Record<string, number>>>;
  /** Forgets calls and items. */
  reset(): Promise<void>;
  stop(): void;
}

/** Starts the process of `canned-aws.ts`. @param secret of every source. */
export async function startCannedAws(secret: string): Promise<CannedAws> {
  const child = fork(join(import.meta.dirname, 'canned-aws.ts'), {
    env: { ...process.env, CANNED_SECRET: secret },
    execArgv: [],
  });
  const { port } = await message<{ port: number }>(child);
  const ask = async <T>(question: string): Promise<T> => {
    const answered = message<T>(child);
    child.send(question);
    return answered;
  };
  return {
    endpoint: `http://127.0.0.1:${port}`,
    calls: async () => (await ask<{ calls: Record<string, number> }>('calls')).calls,
    reset: async () => void (await ask('reset')),
    stop: () => child.disconnect(),
  };
}

async function message<T>(child: ChildProcess): Promise<T> {
  const [value] = (await once(child, 'message')) as [T];
  return value;
}

/** What Lambda and the stack set, with every service at one endpoint. */
export function functionEnvironment(endpoint: string): Record<string, string> {
  return {
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_SESSION_TOKEN: 'local',
    AWS_LAMBDA_FUNCTION_NAME: 'bench',
    AWS_ENDPOINT_URL_DYNAMODB: endpoint,
    AWS_ENDPOINT_URL_SQS: endpoint,
    AWS_ENDPOINT_URL_S3: endpoint,
    AWS_ENDPOINT_URL_SSM: endpoint,
    [Env.ledgerTable]: 'ledger',
    [Env.subjectsTable]: 'subjects',
    [Env.archiveTable]: 'archive',
    [Env.effectsTable]: 'effects',
    [Env.inboxQueueUrl]: `${endpoint}/000000000000/inbox`,
    [Env.bodiesBucket]: 'bodies',
    [Env.secretsPath]: '/inlet/bench',
  };
}
