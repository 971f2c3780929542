import { type InletConfig, workerTimes } from '../functions/config/config.ts';
import { MAX_RECEIVES } from '../functions/core/names.ts';
import { MAX_MESSAGE_BYTES } from '../functions/store/inbox.ts';
import { damagedStore } from './damaged-store.ts';
import { Fauxqs, type QueueSpec } from './fauxqs.ts';
import { LOOPBACK } from './listen.ts';
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
 * @throws StartError when the store cannot be read.
 */
export async function startSqs(config: InletConfig, folder?: string, key?: string): Promise<LocalSqs> {
  const fauxqs = openFauxqs(folder);
  for (const spec of queueSpecs(config)) fauxqs.provideQueue(spec);
  fauxqs.provideBucket(LOCAL_BUCKET);
  const build = () => guarded(fauxqs, key);
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
    releaseInFlight: () => fauxqs.releaseInFlight(),
    releaseDelayed: () => fauxqs.releaseDelayed(),
    stop,
    start: async () => {
      app = build();
      await app.listen({ port: Number(new URL(endpoint).port), host: LOOPBACK });
    },
    close: async () => {
      await stop();
      fauxqs.close();
    },
  };
}

/** Answers what may not reach fauxqs, of which SNS is no part here. */
function guarded(fauxqs: Fauxqs, key: string | undefined) {
  return fauxqs.app().addHook('onRequest', async (request, reply) => {
    const refusal = refusalOf(request.headers, ['sqs', 's3'], key);
    if (refusal !== undefined) await reply.code(403).type('text/plain').send(`Refused: ${refusal}.\n`);
  });
}

function openFauxqs(folder: string | undefined): Fauxqs {
  if (folder === undefined) return new Fauxqs();
  try {
    return new Fauxqs(folder);
  } catch (error) {
    throw damagedStore(folder, error);
  }
}

/** The queues as `infra/processing.ts` makes them. */
function queueSpecs(config: InletConfig): readonly QueueSpec[] {
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
  return Object.entries(attributes).map(([name, wanted]) => ({
    name,
    url: queueUrl('http://sqs', name),
    arn: queueArn(name),
    attributes: wanted,
  }));
}

function queueUrl(origin: string, name: string): string {
  return `${origin}/${LOCAL_ACCOUNT}/${name}`;
}

/** The ARN of a local queue. */
export function queueArn(name: string): string {
  return `arn:aws:sqs:${LOCAL_REGION}:${LOCAL_ACCOUNT}:${name}`;
}
