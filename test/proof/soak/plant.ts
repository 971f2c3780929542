import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { AppOptions } from './app.ts';
import { CLIENT, type Generation } from './config.ts';
import { type Link, startLink } from './link.ts';
import { type Seen, startWitness } from './witness.ts';

/** The stand-ins, the links to them, and the processes that are killed. */
export interface Plant {
  readonly url: string;
  readonly links: Readonly<Record<'dynamodb' | 'sqs' | 's3', Link>>;
  readonly seen: Seen;
  /** What the handlers write down: see `RunsFile`. */
  readonly runsFile: string;
  /** Past links and witness. */
  tables(): DynamoDBClient;
  /** Ends the functions' process with -9 and starts another one on the same port. */
  restart(): Promise<void>;
  /** The same, with the next configuration. @returns what has changed. */
  deploy(): Promise<readonly string[]>;
  /** Ends the stand-ins with -9 and starts others on the same data. */
  restartStandIns(): Promise<void>;
  /** Makes every message visible: as if visibility timeouts and delays had passed. */
  release(): void;
  close(): void;
}

interface StandIns {
  readonly dynamodb: string;
  readonly sqs: string;
  readonly queues: Readonly<Record<'inbox' | 'deadLetters', string>>;
  readonly bucket: string;
}

export async function startPlant(folder: string, generations: Iterator<Generation, never>): Promise<Plant> {
  const runsFile = join(folder, 'runs');
  writeFileSync(runsFile, '');
  const startStandIns = async () => {
    const child = spawn('stand-ins.ts', { FOLDER: folder });
    return { child, at: await said<StandIns>(child) };
  };
  let standIns = await startStandIns();
  const witness = await startWitness(standIns.at.dynamodb);
  const links = {
    dynamodb: await startLink(witness.endpoint),
    sqs: await startLink(standIns.at.sqs),
    s3: await startLink(standIns.at.sqs),
  };
  const { queues, bucket } = standIns.at;
  const through = (queueUrl: string) => links.sqs.endpoint + new URL(queueUrl).pathname;
  const startApp = async (options: Pick<AppOptions, 'config' | 'port'>) => {
    const { dynamodb, sqs, s3 } = links;
    const all: AppOptions = {
      ...options,
      endpoints: { dynamodb: dynamodb.endpoint, sqs: sqs.endpoint, s3: s3.endpoint },
      inboxQueueUrl: through(queues.inbox),
      deadLetterQueueUrl: through(queues.deadLetters),
      bucket,
      runsFile,
    };
    const child = spawn('app.ts', { OPTIONS: JSON.stringify(all) });
    return { child, at: await said<{ url: string; port: number }>(child) };
  };
  let { config } = generations.next().value;
  let app = await startApp({ config, port: 0 });
  const { url, port } = app.at;

  const plant: Plant = {
    url,
    links,
    seen: witness.seen,
    runsFile,
    tables: () => new DynamoDBClient({ ...CLIENT, endpoint: standIns.at.dynamodb }),
    restart: async () => {
      await kill(app.child);
      plant.release();
      app = await startApp({ config, port });
    },
    deploy: async () => {
      const next = generations.next().value;
      config = next.config;
      await plant.restart();
      return next.changed;
    },
    restartStandIns: async () => {
      for (const link of Object.values(links)) link.stop('refuse');
      await kill(standIns.child);
      standIns = await startStandIns();
      const client = plant.tables();
      await witness.moved(standIns.at.dynamodb, client);
      client.destroy();
      links.sqs.aim(standIns.at.sqs);
      links.s3.aim(standIns.at.sqs);
      for (const link of Object.values(links)) link.start();
    },
    release: () => void standIns.child.send('time has passed'),
    close: () => {
      app.child.kill('SIGKILL');
      standIns.child.kill('SIGKILL');
      for (const link of Object.values(links)) link.close();
      witness.close();
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

async function kill(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}

async function said<T>(child: ChildProcess): Promise<T> {
  const failed = once(child, 'exit').then(() => Promise.reject(new Error('the process ended at its start')));
  failed.catch(() => {});
  const [message] = await Promise.race([once(child, 'message'), failed]);
  return message as T;
}
