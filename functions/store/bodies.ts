import { createHash } from 'node:crypto';
import type { S3Client } from '@aws-sdk/client-s3';
import type { BodyReference } from '../core/envelope.ts';
import { InletError } from '../core/errors.ts';

/** Parks bodies in S3 that are too large for a queue message or a table item. */
export class BodyStore {
  readonly #client: () => Promise<S3Client>;
  readonly #bucket: string;

  constructor(client: () => Promise<S3Client>, bucket: string) {
    this.#client = client;
    this.#bucket = bucket;
  }

  /**
   * Stores bytes in a folder, under their own hash: the same again change nothing, and others of the same event never
   * take the place of those that a message refers to already.
   */
  async put(folder: string, body: Buffer, signal?: AbortSignal): Promise<BodyReference> {
    const hash = sha256(body);
    const key = `${folder}/${hash}`;
    await this.#write(key, body, signal);
    return { key, sha256: hash, bytes: body.length };
  }

  /**
   * Begins the time of stored bytes anew, under the very key that messages name: release 0.1.0 gave keys without a hash.
   * @throws the error of S3, also when they are gone; InletError `body-altered`.
   */
  async renew(reference: BodyReference): Promise<void> {
    await this.#write(reference.key, await this.get(reference));
  }

  /**
   * Reads bytes back.
   * @throws InletError `body-altered` when they are not the ones that were stored.
   */
  async get({ key, sha256: expected }: BodyReference): Promise<Buffer> {
    const [{ GetObjectCommand }, client] = await Promise.all([import('../aws/s3.ts'), this.#client()]);
    const { Body } = await client.send(new GetObjectCommand({ Bucket: this.#bucket, Key: key }));
    const body = Buffer.from((await Body?.transformToByteArray()) ?? []);
    if (sha256(body) !== expected) {
      throw new InletError('body-altered', 'The parked body is not the one that was received.');
    }
    return body;
  }

  async #write(key: string, body: Buffer, signal?: AbortSignal): Promise<void> {
    // Loaded here, so that a cold start without a large body does not pay for the client.
    const [{ PutObjectCommand }, client] = await Promise.all([import('../aws/s3.ts'), this.#client()]);
    const command = new PutObjectCommand({ Bucket: this.#bucket, Key: key, Body: body });
    await client.send(command, { abortSignal: signal });
  }
}

function sha256(body: Buffer): string {
  return createHash('sha256').update(body).digest('hex');
}
