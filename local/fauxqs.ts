/**
 * fauxqs as Inlet needs it, and the one file that knows it from inside (`docs/decisions/0018-fauxqs.md`). Its public
 * `startFauxqs` listens on every network interface, stores messages only together with that, loses one to a crash in the
 * wrong moment, and shows its queues without letting anybody change them. Its public `buildApp` takes the stores that do
 * all this, but the package exports none of them.
 */
import { findPackageJSON } from 'node:module';
import { pathToFileURL } from 'node:url';
import { buildApp } from 'fauxqs';
import type * as Persistence from '../node_modules/fauxqs/dist/persistence.js';
import type * as S3 from '../node_modules/fauxqs/dist/s3/s3Store.js';
import type * as Sns from '../node_modules/fauxqs/dist/sns/snsStore.js';
import type * as Sqs from '../node_modules/fauxqs/dist/sqs/sqsStore.js';

type SqsQueue = Sqs.SqsQueue;

/** Wherever npm has put it: in a project that uses the package it lies beside that. */
const dist = new URL('dist/', pathToFileURL(findPackageJSON('fauxqs', import.meta.url) ?? 'fauxqs'));
const inside = <Module>(file: string): Promise<Module> => import(new URL(file, dist).href);
const { PersistenceManager } = await inside<typeof Persistence>('persistence.js');
const { S3Store } = await inside<typeof S3>('s3/s3Store.js');
const { SnsStore } = await inside<typeof Sns>('sns/snsStore.js');
const { SqsStore } = await inside<typeof Sqs>('sqs/sqsStore.js');

/** A queue, to look into and to disturb. */
export type Queue = SqsQueue;

export interface QueueSpec {
  readonly name: string;
  readonly url: string;
  readonly arn: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** SQS and S3 without a server: `app` makes as many as are wanted, of the same queues and buckets. */
export class Fauxqs {
  readonly #sqs = new SqsStore();
  readonly #sns = new SnsStore();
  readonly #s3 = new S3Store();
  readonly #storage: MessageStorage | undefined;

  /**
   * @param folder of the SQLite store; undefined keeps everything in memory.
   * @throws whatever SQLite and fauxqs throw at a store that they cannot read.
   */
  constructor(folder?: string) {
    if (folder === undefined) return;
    const storage = new MessageStorage(folder);
    // Before the stores are connected: fauxqs would otherwise write every queue again and drop its messages.
    storage.load(this.#sqs, this.#sns, this.#s3);
    this.#sqs.persistence = storage;
    this.#s3.persistence = storage;
    for (const queue of this.#sqs.allQueues()) {
      queue.persistence = storage;
      storage.guard(queue);
    }
    this.#storage = storage;
  }

  /** A server that listens nowhere yet. */
  app() {
    return buildApp({
      logger: false,
      stores: { sqsStore: this.#sqs, snsStore: this.#sns, s3Store: this.#s3 },
    });
  }

  /** Creates a queue, or brings the attributes of one that is there up to date. */
  provideQueue({ name, url, arn, attributes }: QueueSpec): void {
    const known = this.#sqs.getQueueByName(name);
    const queue = known ?? this.#sqs.createQueue(name, url, arn);
    queue.setAttributes({ ...attributes });
    if (!known) this.#storage?.guard(queue);
  }

  /** @throws Error when there is none of that name. */
  queue(name: string): Queue {
    const queue = this.#sqs.getQueueByName(name);
    if (!queue) throw new Error(`no queue ${name}`);
    return queue;
  }

  provideBucket(name: string): void {
    if (!this.#s3.hasBucket(name)) this.#s3.createBucket(name);
  }

  putObject(bucket: string, key: string, body: Buffer): void {
    this.#s3.putObject(bucket, key, body);
  }

  /** Makes every message visible again that somebody has received. */
  releaseInFlight(): void {
    for (const queue of this.#sqs.allQueues()) {
      for (const receiptHandle of [...queue.inflightMessages.keys()])
        queue.changeVisibility(receiptHandle, 0);
    }
  }

  /** Makes every message visible that was sent with a delay. */
  releaseDelayed(): void {
    for (const { delayedMessages } of this.#sqs.allQueues()) {
      // fauxqs looks at the times itself, and takes those that have none.
      for (const message of delayedMessages) message.delayUntil = undefined;
    }
  }

  /** Drops all messages and objects; queues and buckets stay. */
  clear(): void {
    this.#sqs.clearMessages();
    this.#s3.clearObjects();
  }

  /** Releases the store. */
  close(): void {
    this.#storage?.close();
  }
}

/** The shortest visibility that fauxqs 2.4 stores: one millisecond. */
const AT_ONCE = 0.001;

/** The SQLite file behind fauxqs, safe against a crash at any point. */
class MessageStorage extends PersistenceManager {
  #receiving = false;

  /**
   * While receiving, fauxqs deletes a message only to insert it into the dead-letter queue next. The insertion
   * replaces the row anyway; without the deletion no crash between the two can lose the message.
   */
  override deleteMessage(messageId: string): void {
    if (!this.#receiving) super.deleteMessage(messageId);
  }

  guard(queue: SqsQueue): void {
    const dequeue = queue.dequeue.bind(queue);
    queue.dequeue = (...query) => {
      this.#receiving = true;
      try {
        return dequeue(...query);
      } finally {
        this.#receiving = false;
      }
    };
    // Visibility 0 runs out a millisecond later. For 0 itself fauxqs 2.4 writes a null into a column that refuses it, and
    // the message is out of reach until the next start.
    const changeVisibility = queue.changeVisibility.bind(queue);
    queue.changeVisibility = (receiptHandle, seconds) =>
      changeVisibility(receiptHandle, Math.max(seconds, AT_ONCE));
  }
}
