import type { Server } from 'node:http';
import { Readable } from 'node:stream';
import { HttpResponse } from '@smithy/core/protocols';
import dynalite from 'dynalite';
import { Fauxqs, type Queue, type QueueSpec } from '../../../local/fauxqs.ts';

/** A request as the SDK hands it to its transport. */
export interface WireRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

export interface WireReply {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** The SDK hands over text or bytes. */
export function bodyText({ body }: WireRequest): string {
  return body instanceof Uint8Array ? new TextDecoder().decode(body) : String(body ?? '');
}

/** What S3 is sent are bytes of any kind; everything else is JSON. */
function payloadOf(request: WireRequest): string | Buffer {
  return Buffer.isBuffer(request.body) ? request.body : bodyText(request);
}

export type Emulator = (request: WireRequest) => Promise<WireReply>;

/** The embedded DynamoDB behind its own request listener: the same code as over HTTP, without the sockets. */
export function inProcessDynamoDB(): Emulator {
  const server: Server = dynalite({ createTableMs: 0, updateTableMs: 0, deleteTableMs: 0 });
  return (request) =>
    new Promise((resolve) => {
      const headers: Record<string, string> = {};
      const incoming = Object.assign(Readable.from([Buffer.from(bodyText(request))]), {
        method: request.method,
        url: request.path,
        headers: request.headers,
      });
      const outgoing = {
        statusCode: 200,
        setHeader: (name: string, value: unknown) => {
          headers[name.toLowerCase()] = String(value);
        },
        end(body = '') {
          resolve({ statusCode: this.statusCode, headers, body: Buffer.from(body) });
        },
      };
      server.emit('request', incoming, outgoing);
    });
}

/** The bucket of the embedded S3. */
export const BUCKET = 'bodies';

/** The embedded SQS and S3 in the same way, and its queues to look into. */
export function inProcessSqs(specs: readonly QueueSpec[]): {
  emulator: Emulator;
  queue(name: string): Queue;
  /** Puts other bytes in the place of an object's. */
  alter(key: string): void;
  clear(): void;
} {
  const fauxqs = new Fauxqs();
  for (const spec of specs) fauxqs.provideQueue(spec);
  fauxqs.provideBucket(BUCKET);
  const app = fauxqs.app();
  return {
    async emulator(request) {
      const reply = await app.inject({
        method: request.method as 'POST',
        url: request.path,
        headers: request.headers,
        payload: payloadOf(request),
      });
      const headers = Object.entries(reply.headers).map(([name, value]) => [name, String(value)]);
      return {
        statusCode: reply.statusCode,
        headers: Object.fromEntries(headers),
        body: reply.rawPayload,
      };
    },
    queue: (name) => fauxqs.queue(name),
    alter: (key) => fauxqs.putObject(BUCKET, key, Buffer.from('altered')),
    clear: () => fauxqs.clear(),
  };
}

/** A transport for an SDK client that sends everything through `send`. `streams`: as S3's bodies come. */
export function transport(send: Emulator, streams = false) {
  return {
    async handle(request: WireRequest): Promise<{ response: HttpResponse }> {
      const reply = await send(request);
      const body = streams ? Readable.from([reply.body]) : reply.body;
      return { response: new HttpResponse({ ...reply, body }) };
    },
    updateHttpClientConfig(): void {},
    httpHandlerConfigs: () => ({}),
  };
}
