import { createHash } from 'node:crypto';
import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { type Envelope, encodeEnvelope } from '../core/envelope.ts';
import { FORMAT, type Format } from '../core/format.ts';
import type { BodyStore } from './bodies.ts';

/** The largest message: 1 MiB (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html). */
export const MAX_MESSAGE_BYTES = 1_048_576;

/** The queue between ingest and worker. */
export class Inbox {
  readonly #client: SQSClient;
  readonly #queueUrl: string;
  readonly #bodies: BodyStore;
  readonly #format: Format;

  constructor(client: SQSClient, queueUrl: string, bodies: BodyStore, format: Format = FORMAT) {
    this.#client = client;
    this.#queueUrl = queueUrl;
    this.#bodies = bodies;
    this.#format = format;
  }

  /**
   * Sends an envelope; a body that does not fit goes to S3 first. `delaySeconds` up to 900.
   * @throws when SQS or S3 do not answer; the message may or may not be on the queue then.
   */
  async send(envelope: Envelope, signal?: AbortSignal, delaySeconds = 0): Promise<void> {
    const message = encodeEnvelope(envelope, this.#format);
    const fits = Buffer.byteLength(message) <= MAX_MESSAGE_BYTES;
    await this.#client.send(
      new SendMessageCommand({
        QueueUrl: this.#queueUrl,
        MessageBody: fits ? message : encodeEnvelope(await this.park(envelope, signal), this.#format),
        ...(delaySeconds > 0 && { DelaySeconds: delaySeconds }),
      }),
      { abortSignal: signal },
    );
  }

  /** The envelope with its body in S3 instead of in itself. */
  async park(envelope: Envelope, signal?: AbortSignal): Promise<Envelope> {
    const { body, ...rest } = envelope;
    if (body === undefined) return envelope;
    const event = createHash('sha256').update(envelope.id).digest('hex');
    const folder = `bodies/${envelope.source}/${event}`;
    const reference = await this.#bodies.put(folder, Buffer.from(body, 'base64'), signal);
    return { ...rest, reference };
  }

  /** Begins the time of a parked body anew. @throws the error of S3, also when it is gone. */
  async keepBody({ reference }: Envelope): Promise<void> {
    if (reference) await this.#bodies.renew(reference);
  }

  /** The bytes of an envelope's body, wherever they are. */
  async body(envelope: Envelope): Promise<Buffer> {
    return envelope.reference
      ? this.#bodies.get(envelope.reference)
      : Buffer.from(envelope.body ?? '', 'base64');
  }
}
