/**
 * Altered requests against the ingest function: it must neither throw nor fail, accept nothing whose signed part
 * was altered, and spend little on any of them. What it accepts goes to the embedded stand-ins, as on a laptop.
 */

import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { createClients } from '../../../functions/aws/clients.ts';
import type { GatewayAnswer } from '../../../functions/ingest/answer.ts';
import { composeIngest } from '../../../functions/ingest/compose.ts';
import { providers } from '../../../functions/providers/index.ts';
import { verifyRequest } from '../../../functions/verification/verify.ts';
import { createTables, LOCAL_TABLES, startDynamoDB } from '../../../local/dynamodb.ts';
import { LOCAL_REGION, startSqs } from '../../../local/sqs.ts';
import { NOW } from '../../unit/providers/sample-request.ts';
import { type Case, makeCase, requestOf } from './cases.ts';
import { cpuMs, leastCpuMs, limitMs } from './cpu.ts';
import { eventOf, sentOf } from './mutations.ts';
import { isTimed, keepsSignedPart } from './signed-part.ts';
import { configOf, type FuzzedSource, fuzzedSources, ORIGIN } from './sources.ts';

const LIMIT_MS = await limitMs();

/** Below this, nothing is measured twice. */
const SLOW_MS = 5;

export interface FuzzOptions {
  readonly requests: number;
  readonly seed: string;
  readonly onProgress?: (done: number) => void;
}

export interface FuzzReport {
  readonly requests: number;
  readonly sources: number;
  /** How many were answered so: `401 rejected`. */
  readonly answers: Readonly<Record<string, number>>;
  readonly slowest: { readonly ms: number; readonly what: string };
  /** What went wrong, each with all that it takes to repeat it. */
  readonly failures: readonly string[];
}

type Ingest = (event: APIGatewayProxyEventV2) => Promise<GatewayAnswer>;

export async function fuzz(options: FuzzOptions): Promise<FuzzReport> {
  const opened = new AsyncDisposableStack();
  try {
    return await fuzzOn(opened, options);
  } finally {
    await opened.disposeAsync();
  }
}

async function fuzzOn(
  opened: AsyncDisposableStack,
  { requests, seed, onProgress }: FuzzOptions,
): Promise<FuzzReport> {
  const sources = await fuzzedSources();
  const secretsOf = new Map(sources.map(({ name, secrets }) => [name, secrets]));
  const config = { sources: configOf(sources), publicUrl: ORIGIN };
  const dynamodb = opened.adopt(await startDynamoDB(), (it) => it.close());
  const sqs = opened.adopt(await startSqs(config), (it) => it.close());
  const clients = createClients({
    region: LOCAL_REGION,
    endpoints: { dynamodb: dynamodb.endpoint, sqs: sqs.endpoint, s3: sqs.endpoint },
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  opened.defer(() => {
    clients.dynamodb.destroy();
    clients.sqs.destroy();
  });
  await createTables(clients.dynamodb);
  const ingest = composeIngest({
    config,
    ...clients,
    packs: providers,
    tables: LOCAL_TABLES,
    inboxQueueUrl: sqs.queueUrls.inbox,
    bodiesBucket: sqs.bucket,
    secrets: { get: async (source) => secretsOf.get(source) ?? [] },
    log: { log: () => undefined },
    now: () => NOW,
  });
  const { fetch } = globalThis;
  let calls = 0;
  globalThis.fetch = async () => {
    calls++;
    throw new TypeError('a request made Inlet call somebody');
  };
  try {
    const run = new Run(ingest);
    for (const source of sources) await run.unaltered(source);
    for (let number = 0; number < requests; number++) {
      await run.one(makeCase(sources, seed, number));
      onProgress?.(number + 1);
    }
    if (calls > 0) run.failures.push(`${calls} requests made Inlet call somebody (seed ${seed})`);
    const polluted = Object.keys(Object.prototype);
    if (polluted.length > 0) run.failures.push(`Object.prototype has got ${polluted} (seed ${seed})`);
    const { answers, slowest, failures } = run;
    return { requests, sources: sources.length, answers, slowest, failures };
  } finally {
    globalThis.fetch = fetch;
  }
}

class Run {
  readonly answers: Record<string, number> = {};
  slowest = { ms: 0, what: '' };
  readonly failures: string[] = [];
  readonly #ingest: Ingest;

  constructor(ingest: Ingest) {
    this.#ingest = ingest;
  }

  /** Where the genuine request is refused, altering it shows nothing. */
  async unaltered(source: FuzzedSource): Promise<void> {
    for (const genuine of source.provable ? source.genuine : []) {
      const event = eventOf(sentOf(genuine.request));
      const { statusCode } = await this.#ingest(event);
      const refused = genuine.days !== 0 && isTimed(source, genuine.request);
      const expected = refused ? statusCode === 401 : Number(statusCode) < 300;
      const what = `${source.name}: nothing, signed ${genuine.days} days from now`;
      if (!expected) this.#fail({ source, genuine, event, what }, `answered ${statusCode}`);
    }
  }

  async one(given: Case): Promise<void> {
    const start = process.threadCpuUsage();
    let answer: GatewayAnswer;
    try {
      answer = await this.#ingest(given.event);
    } catch (error) {
      this.#fail(given, `threw ${error instanceof Error ? error.stack : String(error)}`);
      return;
    }
    const ms = cpuMs(start);
    const status = Number(answer.statusCode);
    const outcome = String(answer.headers?.['inlet-outcome']);
    const kind = `${status} ${outcome}`;
    this.answers[kind] = (this.answers[kind] ?? 0) + 1;
    const accepted = outcome === 'accepted' || outcome === 'duplicate';
    const excused = status === 503 && !given.source.provable;
    if (!(status >= 200 && status < 500) && !excused) this.#fail(given, `answered ${kind}`);
    if (accepted) this.#checkAccepted(given);
    // The stand-ins run in this thread as well: of what reached them, only the verification counts.
    const work = accepted ? () => this.#verify(given) : () => this.#ingest(given.event);
    await this.#time(given, accepted ? await leastCpuMs(work, LIMIT_MS) : ms, work);
  }

  #checkAccepted(given: Case): void {
    const { source, genuine } = given;
    const request = requestOf(given);
    if (!keepsSignedPart(source, genuine.request, request)) this.#fail(given, 'accepted, though altered');
    if (genuine.days !== 0 && isTimed(source, genuine.request))
      this.#fail(given, 'accepted, though out of time');
  }

  #verify(given: Case) {
    const { pack, secrets, options } = given.source;
    return verifyRequest(pack, { request: requestOf(given), secrets, options, now: NOW });
  }

  async #time(given: Case, first: number, work: () => unknown): Promise<void> {
    if (first <= this.slowest.ms) return;
    // What took long once may have met the garbage collector, or a cold compiler.
    const ms = first < SLOW_MS ? first : Math.min(first, await leastCpuMs(work, SLOW_MS));
    if (ms > this.slowest.ms) this.slowest = { ms, what: given.what };
    if (ms > LIMIT_MS) this.#fail(given, `took ${ms.toFixed(1)} ms`);
  }

  #fail({ what, event }: Case, problem: string): void {
    // Enough to look into; the seed gives the rest.
    if (this.failures.length < 20)
      this.failures.push(`${problem}: ${what}\n${JSON.stringify(event).slice(0, 4_000)}`);
  }
}

export function describeReport({ requests, sources, answers, slowest, failures }: FuzzReport): string {
  const counts = Object.entries(answers)
    .sort(([, a], [, b]) => b - a)
    .map(([kind, count]) => `${count} × ${kind}`);
  return [
    `altered requests ${requests} to ${sources} sources, failures ${failures.length}`,
    `answers: ${counts.join(', ')}`,
    `slowest ${slowest.ms.toFixed(1)} ms: ${slowest.what}`,
    ...failures,
  ].join('\n');
}
