import { buildApp } from 'fauxqs';
import { type InletConfig, workerTimes } from '../functions/config/config.ts';
import { MAX_RECEIVES } from '../functions/core/names.ts';
import { MAX_MESSAGE_BYTES } from '../functions/store/inbox.ts';
import { S3Store } from '../node_modules/fauxqs/dist/s3/s3Store.js';
import { SnsStore } from '../node_modules/fauxqs/dist/sns/snsStore.js';
import { SqsStore } from '../node_modules/fauxqs/dist/sqs/sqsStore.js';
import { damagedStore } from './damaged-store.ts';
import { LOOPBACK } from './listen.ts';
import { allowVisibilityZero, MessageStorage } from './message-storage.ts';
import { refusalOf } from './stand-in-guard.ts';

export const LOCAL_REGION = 'us-east-1';
export const LOCAL_ACCOUNT = '000000000000';
export const LOCAL_BUCKET = 'inlet-bodies';
const QUEUES = { inbox: 'inlet-inbox', deadLetters: 'inlet-dead-letters' } as const;
const RETENTION_SECONDS = 14 * 24 * 60 * 60;

export interface LocalSqs {
  /** Of SQS and of S3. */
  readonly endpoint: string;
  readonly queueUrls: Readonly<Record<keyof typeof QUEUES, string>>;
  readonly bucket: string;
  /** Makes every message visible again that was being processed. Only when its consumer is known to be dead. */
  releaseInFlight(): void;
  /** Makes every message visible that was sent with a delay, as if it had passed. */
  releaseDelayed(): void;
  /** Stops answering, as a failure of SQS would look. Queues and messages stay. */
  stop(): Promise<void>;
  /** Answers again, on the same port and with the same messages. */
  start(): Promise<void>;
  /** Ends for good and releases the store. */
  close(): Promise<void>;
}

/**
 * SQS and S3 as fauxqs plays them, with Inlet's two queues and its bucket.
 * @param folder of the SQLite store; undefined keeps everything in memory.
 * @param key access key id that requests have to name; undefined: any.
 */
export async function startSqs(config: InletConfig, folder?: string, key?: string): Promise<LocalSqs> {
  const stores = { sqsStore: new SqsStore(), snsStore: new SnsStore(), s3Store: new S3Store() };
  const storage = folder === undefined ? undefined : loadStorage(stores, folder);
  createResources(stores, config, storage);
  const build = () => guarded(buildApp({ logger: false, stores }), key);
  let app = build();
  const endpoint = await app.listen({ port: 0, host: LOOPBACK });
  const stop = async () => void (await app.close());
  return {
    endpoint,
    queueUrls: {
      inbox: queueUrl(endpoint, QUEUES.inbox),
      deadLetters: queueUrl(endpoint, QUEUES.deadLetters),
    },
    bucket: LOCAL_BUCKET,
    releaseInFlight: () => releaseInFlight(stores.sqsStore),
    releaseDelayed: () => releaseDelayed(stores.sqsStore),
    stop,
    start: async () => {
      app = build();
      await app.listen({ port: Number(new URL(endpoint).port), host: LOOPBACK });
    },
    close: async () => {
      await stop();
      storage?.close();
    },
  };
}

/** Answers what may not reach fauxqs, of which SNS is no part here. */
function guarded(app: ReturnType<typeof buildApp>, key: string | undefined) {
  return app.addHook('onRequest', async (request, reply) => {
    const refusal = refusalOf(request.headers, ['sqs', 's3'], key);
    if (refusal !== undefined) await reply.code(403).type('text/plain').send(`Refused: ${refusal}.\n`);
  });
}

interface Stores {
  readonly sqsStore: SqsStore;
  readonly snsStore: SnsStore;
  readonly s3Store: S3Store;
}

/**
 * Loads before it connects the stores: fauxqs would otherwise write every queue again and drop its messages.
 * @throws StartError when the store cannot be read.
 */
function loadStorage(stores: Stores, folder: string): MessageStorage {
  const storage = openStorage(stores, folder);
  stores.sqsStore.persistence = storage;
  stores.s3Store.persistence = storage;
  for (const queue of stores.sqsStore.allQueues()) queue.persistence = storage;
  return storage;
}

function openStorage(stores: Stores, folder: string): MessageStorage {
  try {
    const storage = new MessageStorage(folder);
    storage.load(stores.sqsStore, stores.snsStore, stores.s3Store);
    return storage;
  } catch (error) {
    throw damagedStore(folder, error);
  }
}

/** Creates what is missing and brings the attributes of what is there up to date. */
function createResources({ sqsStore, s3Store }: Stores, config: InletConfig, storage?: MessageStorage): void {
  const common = {
    MaximumMessageSize: String(MAX_MESSAGE_BYTES),
    MessageRetentionPeriod: String(RETENTION_SECONDS),
    VisibilityTimeout: String(workerTimes(config).visibility),
  };
  const redrive = { deadLetterTargetArn: queueArn(QUEUES.deadLetters), maxReceiveCount: MAX_RECEIVES };
  const attributes = {
    [QUEUES.deadLetters]: common,
    [QUEUES.inbox]: { ...common, RedrivePolicy: JSON.stringify(redrive) },
  };
  for (const [name, wanted] of Object.entries(attributes)) {
    const queue =
      sqsStore.getQueueByName(name) ??
      sqsStore.createQueue(name, queueUrl('http://sqs', name), queueArn(name));
    queue.setAttributes(wanted);
    allowVisibilityZero(queue);
    storage?.guard(queue);
  }
  if (!s3Store.hasBucket(LOCAL_BUCKET)) s3Store.createBucket(LOCAL_BUCKET);
}

function releaseInFlight(store: SqsStore): void {
  for (const queue of store.allQueues()) {
    for (const receiptHandle of [...queue.inflightMessages.keys()]) queue.changeVisibility(receiptHandle, 0);
  }
}

function releaseDelayed(store: SqsStore): void {
  for (const { delayedMessages } of store.allQueues()) {
    // fauxqs looks at the times itself, and takes those that have none.
    for (const message of delayedMessages) message.delayUntil = undefined;
  }
}

function queueUrl(origin: string, name: string): string {
  return `${origin}/${LOCAL_ACCOUNT}/${name}`;
}

/** The ARN of a local queue. */
export function queueArn(name: string): string {
  return `arn:aws:sqs:${LOCAL_REGION}:${LOCAL_ACCOUNT}:${name}`;
}
