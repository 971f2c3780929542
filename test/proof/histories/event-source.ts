import { DeleteMessageBatchCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { workerTimes } from '../../../functions/config/config.ts';
import type { Invocation } from '../../../functions/worker/attempt.ts';
import type { Actor } from './actor.ts';
import type { History } from './history.ts';
import type { Move, Party } from './moves.ts';
import { config, QUEUES } from './topology.ts';

export interface EventSourceOptions {
  readonly queue: keyof typeof QUEUES;
  readonly process: (event: SQSEvent, context: Invocation) => Promise<SQSBatchResponse>;
  /** Invocations at the same time. 0: none before everything is calm. */
  readonly concurrency: number;
  /** All messages at hand go into one invocation, instead of one each. */
  readonly batches: boolean;
  /** How often an invocation hears that it has time left. Default: as the clock says. */
  readonly timeFor?: number | undefined;
}

/**
 * What Lambda does between a queue and its function: receives, invokes, deletes what was not reported as failed.
 * Any of the messages at hand may be the next one, and one that is being processed may be delivered again.
 */
export class EventSource implements Party {
  readonly #history: History;
  readonly #options: EventSourceOptions;
  readonly #hand = new Map<string, SQSRecord>();
  #running: { actor: Actor; records: readonly SQSRecord[] }[] = [];
  #invocations = 0;

  constructor(history: History, options: EventSourceOptions) {
    this.#history = history;
    this.#options = options;
  }

  async observe(): Promise<void> {
    const queue = this.#queue;
    queue.processTimers();
    for (const [id, { receiptHandle }] of this.#hand) {
      if (!queue.inflightMessages.has(receiptHandle)) this.#hand.delete(id);
    }
    this.#running = this.#running.filter(({ actor }) => actor.alive);
    if (queue.messages.length > 0) await this.#receive();
  }

  starts(calm: boolean): readonly Move[] {
    const limit = calm ? Math.max(1, this.#options.concurrency) : this.#options.concurrency;
    if (limit === 0) return [];
    const messages = [...this.#hand.values()];
    const groups = this.#options.batches && messages.length > 0 ? [messages] : messages.map((one) => [one]);
    const starts = groups.map(
      (records): Move => ({ label: '', cost: 'free', run: () => this.#start(records) }),
    );
    return [...(this.#running.length < limit ? starts : []), ...(calm ? [] : this.#repeats())];
  }

  deadlines(calm: boolean): readonly number[] {
    if (!calm && this.#options.concurrency === 0) return [];
    const { inflight, delayed } = this.#queue.inspectMessages();
    return [
      ...inflight.map(({ visibilityDeadline }) => visibilityDeadline),
      ...delayed.map(({ delayUntil }) => delayUntil ?? 0),
    ];
  }

  verify(): readonly string[] {
    const { ready, delayed, inflight } = this.#queue.inspectMessages();
    const left = ready.length + delayed.length + inflight.length;
    return left === 0 ? [] : [`${left} message(s) stay on the ${this.#options.queue} queue`];
  }

  get #queue() {
    return this.#history.world.queue(this.#options.queue);
  }

  async #receive(): Promise<void> {
    const command = new ReceiveMessageCommand({
      QueueUrl: QUEUES[this.#options.queue].url,
      MaxNumberOfMessages: 10,
      MessageSystemAttributeNames: ['All'],
    });
    const { Messages = [] } = await this.#history.world.sqs.send(command);
    for (const { MessageId = '', ReceiptHandle = '', Body = '', Attributes = {} } of Messages) {
      const attributes = Attributes as unknown as SQSRecord['attributes'];
      this.#hand.set(MessageId, {
        messageId: MessageId,
        receiptHandle: ReceiptHandle,
        body: Body,
        attributes,
      } as SQSRecord);
    }
  }

  #start(records: readonly SQSRecord[]): void {
    for (const { messageId } of records) this.#hand.delete(messageId);
    const { clock } = this.#history.world;
    const ends = clock.now() + workerTimes(config).functionTimeout * 1000;
    let asked = 0;
    const isOver = () => ++asked > (this.#options.timeFor ?? Number.POSITIVE_INFINITY);
    const context = { getRemainingTimeInMillis: () => (isOver() ? 0 : Math.max(0, ends - clock.now())) };
    const label = this.#options.queue === 'inbox' ? 'worker' : 'dead-letters';
    const { actor } = this.#history.spawn(`${label}.${++this.#invocations}`, async () => {
      const { batchItemFailures } = await this.#options.process({ Records: [...records] }, context);
      const failed = batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
      const done = records.filter(({ messageId }) => !failed.includes(messageId));
      if (done.length === 0) return;
      const Entries = done.map(({ receiptHandle: ReceiptHandle }, at) => ({ Id: String(at), ReceiptHandle }));
      const QueueUrl = QUEUES[this.#options.queue].url;
      await this.#history.world.sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
    });
    for (const { body } of records) {
      const { source, key } = JSON.parse(body) as { source: string; key: string };
      this.#history.world.watch.received(`${source}#${key}`, actor);
    }
    this.#running.push({ actor, records });
  }

  /** A standard queue may deliver a message again at any time. */
  #repeats(): Move[] {
    const queue = this.#queue;
    return this.#running
      .flatMap(({ records }) => records)
      .filter(({ receiptHandle }) => queue.inflightMessages.has(receiptHandle))
      .map(({ receiptHandle, body }) => ({
        label: `${'(queue)'.padEnd(14)} delivers ${(JSON.parse(body) as { key: string }).key} again`,
        cost: 'fault' as const,
        run: () => queue.changeVisibility(receiptHandle, 0),
      }));
  }
}
