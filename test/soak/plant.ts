import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { type Link, startLink } from './link.ts';

/** The stand-ins, the links to them, and the process that is killed. */
export interface Plant {
  readonly url: string;
  readonly dynamodb: Link;
  readonly sqs: Link;
  /** The stand-in itself, past its link. */
  readonly tables: string;
  kills: number;
  /** Ends the process with -9 and starts another one on the same port. */
  restart(): Promise<void>;
  /** Makes every message visible that somebody has: as if the queue's visibility timeout had passed. */
  release(): void;
  close(): void;
}

interface Endpoints {
  /** Through the witness. */
  readonly dynamodb: string;
  readonly tables: string;
  readonly sqs: string;
  readonly queues: Readonly<Record<'inbox' | 'deadLetters', string>>;
  readonly bucket: string;
}

export async function startPlant(appliedFile: string): Promise<Plant> {
  const standIns = spawn('stand-ins.ts', { APPLIED_FILE: appliedFile });
  const endpoints = await said<Endpoints>(standIns);
  const [dynamodb, sqs] = [await startLink(endpoints.dynamodb), await startLink(endpoints.sqs)];
  const through = (queueUrl: string) => sqs.endpoint + new URL(queueUrl).pathname;
  const environment = {
    ENDPOINTS: JSON.stringify({
      dynamodb: dynamodb.endpoint,
      sqs: sqs.endpoint,
      inboxQueueUrl: through(endpoints.queues.inbox),
      deadLetterQueueUrl: through(endpoints.queues.deadLetters),
      bucket: endpoints.bucket,
    }),
  };
  let app = spawn('app.ts', environment);
  const { url, port } = await said<{ url: string; port: number }>(app);
  const plant: Plant = {
    url,
    dynamodb,
    sqs,
    tables: endpoints.tables,
    kills: 0,
    restart: async () => {
      app.kill('SIGKILL');
      await once(app, 'exit');
      plant.kills++;
      plant.release();
      app = spawn('app.ts', { ...environment, PORT: String(port) });
      await said(app);
    },
    release: () => void standIns.send('time has passed'),
    close: () => {
      app.kill('SIGKILL');
      standIns.kill('SIGKILL');
      dynamodb.close();
      sqs.close();
    },
  };
  return plant;
}

function spawn(file: string, environment: Readonly<Record<string, string>>): ChildProcess {
  return fork(join(import.meta.dirname, file), {
    execArgv: [],
    env: { ...process.env, NODE_OPTIONS: '', ...environment },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
}

async function said<T>(child: ChildProcess): Promise<T> {
  const failed = once(child, 'exit').then(() => Promise.reject(new Error('the process ended at its start')));
  failed.catch(() => {});
  const [message] = await Promise.race([once(child, 'message'), failed]);
  return message as T;
}
