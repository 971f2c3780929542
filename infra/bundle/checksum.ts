/**
 * Takes the place of `@smithy/core/checksum`: hashes written in JavaScript, for runtimes without `node:crypto`,
 * and CRCs and stream hashes, for S3. The entry signs requests (SHA-256, HMAC) and compares SQS's MD5 of a sent
 * message; `node:crypto` does both. Saves 5 KB. The S3 client's own file keeps the original.
 *
 * Proof: test/unit/bundle/ingest.test.ts computes the signature of every request again, by itself.
 */
import { createHash, createHmac, type Hash, type Hmac } from 'node:crypto';

type Data = string | ArrayBuffer | ArrayBufferView;

abstract class NativeHash {
  readonly #start: () => Hash | Hmac;
  #hash: Hash | Hmac;

  constructor(start: () => Hash | Hmac) {
    this.#start = start;
    this.#hash = start();
  }

  update(data: Data): void {
    this.#hash.update(bytes(data));
  }

  async digest(): Promise<Uint8Array> {
    return new Uint8Array(this.#hash.digest());
  }

  reset(): void {
    this.#hash = this.#start();
  }
}

export class Sha256 extends NativeHash {
  constructor(secret?: Data) {
    super(() => (secret ? createHmac('sha256', bytes(secret)) : createHash('sha256')));
  }
}

export class Md5 extends NativeHash {
  constructor() {
    super(() => createHash('md5'));
  }
}

function bytes(data: Data): string | NodeJS.ArrayBufferView {
  return typeof data === 'string' || ArrayBuffer.isView(data)
    ? (data as string | NodeJS.ArrayBufferView)
    : new Uint8Array(data);
}
