import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { quantile } from './stats.ts';
import type { Webhook } from './webhooks.ts';

interface Used {
  readonly cpuMs: number;
  readonly rssMB: number;
  readonly settled: number;
}

export interface LoadResult {
  readonly offered: number;
  readonly accepted: number;
  readonly perSecond: number;
  readonly refused: number;
  /** Milliseconds to the answer, from when the request was due: a queue before the server counts. */
  readonly latency: {
    readonly p50: number;
    readonly p95: number;
    readonly p99: number;
    readonly p999: number;
  };
  /** Milliseconds from the last answer until everything was settled. */
  readonly settleMs: number;
  readonly cpuMsPerWebhook: number;
  readonly rssMB: number;
}

/** No load runs longer than this before what is still queued is given up. */
const SETTLE_LIMIT_MS = 60_000;

/** A local stack in its own process. */
export class LoadServer {
  readonly #child: ChildProcess;
  readonly #url: URL;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 256 });

  private constructor(child: ChildProcess, url: URL) {
    this.#child = child;
    this.#url = url;
  }

  static async start(direct: boolean): Promise<LoadServer> {
    const child = fork(join(import.meta.dirname, 'load-server.ts'), [direct ? 'direct' : 'http'], {
      execArgv: ['--disable-warning=ExperimentalWarning'],
    });
    const [{ url }] = (await once(child, 'message')) as [{ url: string }];
    return new LoadServer(child, new URL(url));
  }

  /** Sends webhooks at a rate, whether or not earlier ones have been answered. */
  async drive(webhooks: readonly Webhook[], perSecond: number): Promise<LoadResult> {
    const before = await this.#used();
    const latencies: number[] = [];
    let accepted = 0;
    const start = performance.now();
    const sent: Promise<void>[] = [];
    for (const [index, webhook] of webhooks.entries()) {
      const due = start + (index * 1000) / perSecond;
      const wait = due - performance.now();
      if (wait > 1) await pause(wait);
      sent.push(
        this.#post(webhook).then((status) => {
          latencies.push(performance.now() - due);
          if (status >= 200 && status < 300) accepted += 1;
        }),
      );
    }
    await Promise.all(sent);
    const answered = performance.now();
    await this.#settled(before.settled + accepted);
    const settleMs = performance.now() - answered;
    const after = await this.#used();
    const at = (share: number) => quantile(latencies, share);
    return {
      offered: perSecond,
      accepted,
      perSecond: accepted / ((answered - start) / 1000),
      refused: webhooks.length - accepted,
      latency: { p50: at(0.5), p95: at(0.95), p99: at(0.99), p999: at(0.999) },
      settleMs,
      cpuMsPerWebhook: (after.cpuMs - before.cpuMs) / Math.max(1, accepted),
      rssMB: after.rssMB,
    };
  }

  stop(): void {
    this.#agent.destroy();
    this.#child.disconnect();
  }

  async #settled(count: number): Promise<void> {
    const limit = performance.now() + SETTLE_LIMIT_MS;
    while ((await this.#used()).settled < count && performance.now() < limit) await pause(20);
  }

  async #used(): Promise<Used> {
    const answered = once(this.#child, 'message');
    this.#child.send('used');
    const [used] = (await answered) as [Used];
    return used;
  }

  #post({ source, subpath, headers, body }: Webhook): Promise<number> {
    const { host: _, ...own } = headers;
    const { hostname, port } = this.#url;
    return new Promise((resolve) => {
      const path = `/webhooks/${source}${subpath}`;
      const options = { agent: this.#agent, hostname, port, path, method: 'POST', headers: own };
      const posted = request(options, (response) => {
        response.resume();
        response.on('end', () => resolve(response.statusCode ?? 0));
        response.on('error', () => resolve(0));
      });
      posted.on('error', () => resolve(0));
      posted.end(body);
    });
  }
}
