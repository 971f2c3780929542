/**
 * Lets SDK clients call the stand-ins as functions, without sockets: what a load test then shows is less of the HTTP
 * stack and more of Inlet.
 */
import { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import inject from 'light-my-request';

interface SdkRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body?: string | Uint8Array;
}

const servers = new Map<number, Server>();

/** Remembers every HTTP server that this process opens from now on. Call it before the stand-ins start. */
export function rememberServers(): void {
  const { listen } = Server.prototype;
  Server.prototype.listen = function (this: Server, ...args: unknown[]) {
    this.once('listening', () => servers.set((this.address() as AddressInfo).port, this));
    return listen.apply(this, args as Parameters<typeof listen>);
  } as typeof listen;
}

/** A request handler for SDK clients that serves an endpoint of this process. */
export function inProcessHandler(endpoint: string) {
  const server = servers.get(Number(new URL(endpoint).port));
  if (!server) throw new Error(`no server of this process listens at ${endpoint}`);
  return {
    async handle({ method, path, headers, body }: SdkRequest) {
      const answer = await inject((request, response) => void server.emit('request', request, response), {
        method: method as 'POST',
        url: path,
        headers: { ...headers, host: new URL(endpoint).host },
        ...(body !== undefined && { payload: Buffer.from(body) }),
      });
      const given: Record<string, string> = {};
      for (const [name, value] of Object.entries(answer.headers)) given[name] = String(value);
      return {
        response: { statusCode: answer.statusCode, headers: given, body: Readable.from([answer.rawPayload]) },
      };
    },
    updateHttpClientConfig: () => {},
    httpHandlerConfigs: () => ({}),
    destroy: () => {},
    metadata: { handlerProtocol: 'http/1.1' },
  };
}
