/**
 * Connections to AWS that outlive a freeze. Between two invocations Lambda stops the process, and hears nothing when
 * the other side closes its connections meanwhile, or a router forgets them (https://github.com/aws/aws-sdk-js-v3/issues/1196).
 * Each of them then fails one attempt, and with ten in the pool a second attempt meets the next dead one.
 */
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { Duplex } from 'node:stream';
import { NodeHttpHandler, type NodeHttpHandlerOptions } from '@smithy/node-http-handler';

/**
 * A connection that nobody has used for so long is not used again. Servers close idle ones after 5 s and more, and
 * less than half of that leaves a request time to arrive. A new connection costs 1.5 ms of a whole core (docs/decisions/0033),
 * and whoever gets requests more often than this never pays it.
 */
const MAX_IDLE_MS = 2_000;

/** As the SDK's own agents (https://github.com/smithy-lang/smithy-typescript/tree/main/packages/node-http-handler). */
const POOL = { keepAlive: true, maxSockets: 50 };

/**
 * Request options for what is fetched once in hours: a connection kept until then would be a dead one. Not `agent:
 * false`, which would go past the proxy of `NODE_USE_ENV_PROXY`: only the global agent knows that one.
 */
export const SINGLE_USE = { headers: { connection: 'close' } };

/** The SDK's request handler, which first drops every connection that has been idle for too long. */
export class FreshConnections extends NodeHttpHandler {
  readonly #agents: readonly HttpAgent[];
  /** When each connection was given back to its pool, in epoch milliseconds. */
  readonly #idleSince = new WeakMap<Duplex, number>();

  constructor(options: Pick<NodeHttpHandlerOptions, 'connectionTimeout' | 'requestTimeout'>) {
    const httpAgent = new HttpAgent(POOL);
    const httpsAgent = new HttpsAgent(POOL);
    // Without `throwOnRequestTimeout` the SDK only logs a warning and goes on waiting.
    super({ ...options, throwOnRequestTimeout: true, httpAgent, httpsAgent });
    this.#agents = [httpAgent, httpsAgent];
    for (const agent of this.#agents) this.#watch(agent);
  }

  override handle(...request: Parameters<NodeHttpHandler['handle']>): ReturnType<NodeHttpHandler['handle']> {
    // By the wall clock: a timer does not run in a frozen process.
    const now = Date.now();
    for (const { freeSockets } of this.#agents) {
      for (const socket of Object.values(freeSockets).flat()) {
        if (socket && now - (this.#idleSince.get(socket) ?? 0) > MAX_IDLE_MS) socket.destroy();
      }
    }
    return super.handle(...request);
  }

  /** `keepSocketAlive` is called when a connection becomes idle (https://nodejs.org/api/http.html#agentkeepsocketalivesocket). */
  #watch(agent: HttpAgent): void {
    const keep = agent.keepSocketAlive.bind(agent);
    agent.keepSocketAlive = (socket) => {
      this.#idleSince.set(socket, Date.now());
      return keep(socket);
    };
  }
}
