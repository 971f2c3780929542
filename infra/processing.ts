import { Duration } from 'aws-cdk-lib';
import { type CfnFunction, EventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import { Queue, QueueEncryption, type QueueProps } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { HandlerModules } from '../config/load.ts';
import {
  DEAD_LETTERS_CONCURRENCY,
  DEFAULT_WORKER_CONCURRENCY,
  type InletConfig,
  workerTimes,
} from '../functions/config/config.ts';
import { MAX_RECEIVES } from '../functions/core/names.ts';
import { InletFunction } from './lambda-function.ts';
import { keepId, type Place } from './place.ts';
import { QUEUE_RETENTION, type Store } from './store.ts';

export interface ProcessingProps {
  readonly config: InletConfig;
  /** Where the handlers are. */
  readonly handlers?: HandlerModules | undefined;
  readonly stage: Place;
  readonly store: Store;
}

/** What Lambda's poller does with the function's role. */
const CONSUME = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'];

/** The queues behind ingest and the functions that empty them. */
export class Processing extends Construct {
  readonly inbox: Queue;
  readonly deadLetterQueue: Queue;
  readonly worker: InletFunction;
  readonly deadLetters: InletFunction;

  constructor(scope: Construct, id: string, { config, handlers, stage, store }: ProcessingProps) {
    super(scope, id);
    const times = workerTimes(config);
    const visibilityTimeout = Duration.seconds(times.visibility);
    this.deadLetterQueue = this.#queue('DeadLetterQueue', stage, { visibilityTimeout });
    this.inbox = this.#queue('InboxQueue', stage, {
      visibilityTimeout,
      deadLetterQueue: { queue: this.deadLetterQueue, maxReceiveCount: MAX_RECEIVES },
    });

    const common = { config, stage, timeout: Duration.seconds(times.functionTimeout) };
    this.worker = new InletFunction(this, 'Worker', {
      ...common,
      entry: 'worker.lambda',
      handlers,
      description: 'Inlet: applies the events of the inbox queue.',
      // A body of 6 MB from S3 may take most of it to read (docs/decisions/0038-memory.md).
      memorySize: 512,
    });
    // An event that fails comes back as a copy that the worker has sent itself: Lambda would take more than 16 of these
    // for an endless loop and stop them (https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html). They
    // end by the limit of attempts, or when what holds them up does (the alarm EventAge).
    (this.worker.node.defaultChild as CfnFunction).recursiveLoop = 'Allow';
    const { workerConcurrency = DEFAULT_WORKER_CONCURRENCY } = config;
    this.#consume('WorkerSource', this.worker, this.inbox, workerConcurrency);
    this.grantSend(this.worker);
    this.worker.allow([this.inbox.queueArn], ['sqs:ChangeMessageVisibility']);
    store.grantTable(this.worker, 'ledger', 'PutItem', 'UpdateItem', 'GetItem');
    store.grantTable(this.worker, 'subjects', 'UpdateItem', 'GetItem');
    store.grantTable(this.worker, 'archive', 'BatchWriteItem', 'UpdateItem');
    store.grantTable(this.worker, 'effects', 'PutItem');
    store.grantBodies(this.worker, 'GetObject', 'PutObject');

    this.deadLetters = new InletFunction(this, 'DeadLetters', {
      ...common,
      entry: 'dead-letters.lambda',
      description: 'Inlet: records what the inbox queue gave up on.',
      // It reads what the worker may have died of, one body after the other.
      memorySize: 512,
    });
    this.#consume('DeadLettersSource', this.deadLetters, this.deadLetterQueue, DEAD_LETTERS_CONCURRENCY);
    store.grantTable(this.deadLetters, 'ledger', 'PutItem', 'UpdateItem', 'GetItem');
    store.grantTable(this.deadLetters, 'subjects', 'GetItem');
    store.grantTable(this.deadLetters, 'archive', 'BatchWriteItem');
    store.grantBodies(this.deadLetters, 'PutObject', 'GetObject');
  }

  /** Lets a function put events on the inbox queue. */
  grantSend(fn: InletFunction): void {
    fn.give('inboxQueueUrl', this.inbox.queueUrl, [this.inbox.queueArn], ['sqs:SendMessage']);
  }

  #queue(logicalId: string, stage: Place, props: QueueProps): Queue {
    const queue = new Queue(this, logicalId, {
      ...props,
      retentionPeriod: QUEUE_RETENTION,
      // 1 MiB. The default that CloudFormation writes for older queues is 256 KiB.
      maxMessageSizeBytes: 1_048_576,
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      removalPolicy: stage.removalPolicy,
    });
    // Another logical id would be another queue, and what is on the old one would be left there.
    keepId(queue, stage, logicalId);
    return queue;
  }

  #consume(id: string, target: InletFunction, queue: Queue, maxConcurrency: number): void {
    target.allow([queue.queueArn], CONSUME);
    new EventSourceMapping(this, id, {
      target,
      eventSourceArn: queue.queueArn,
      // The most that needs no waiting for a batch to fill.
      batchSize: 10,
      reportBatchItemFailures: true,
      maxConcurrency,
    });
  }
}
