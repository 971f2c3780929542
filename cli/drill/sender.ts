/** Speaks in the providers' places, and keeps the book of what was sent. */
import { randomUUID } from 'node:crypto';
import type { Source } from '../../functions/config/sources.ts';
import { Header } from '../../functions/core/names.ts';
import { describeDelivery } from '../../functions/facts/describe.ts';
import { readEnvironment } from '../../local/environment.ts';
import { type Draft, drafts } from '../../local/samples.ts';
import { request } from '../http-backend.ts';
import { explainProblem } from '../run.ts';
import { openSecrets } from '../secret-store.ts';
import { createSigner, type Signer } from '../signer.ts';
import { chooseSources } from './choose-sources.ts';
import type { Pace } from './pace.ts';
import type { DrillStage } from './stage.ts';

export interface Speaker {
  readonly source: Source;
  readonly signer: Signer;
}

/** A request and what became of it. */
export interface Sent {
  readonly source: string;
  /** Why it was sent: `sample`, `repeat`, `forged`, … */
  readonly purpose: string;
  readonly path: string;
  readonly status: number;
  /** What Inlet has to answer; undefined where the gateway answers in its place. */
  readonly expected: string | undefined;
  /** Null where the gateway answered by itself. */
  readonly outcome: string | null;
  /** `<source>/<id>`, percent-encoded. */
  readonly delivery: string | null;
  /** The gateway's id, which stands in its log and in that of ingest. */
  readonly requestId: string | null;
  readonly retryAfter: string | null;
  readonly answer: string;
  /** Events that it carries, as the pack reads them. */
  readonly events: number;
  readonly bytes: number;
}

/** Sources that the drill can speak for, and why it cannot for the others. */
export interface Speakers {
  readonly speakers: readonly Speaker[];
  readonly leftOut: readonly string[];
}

/**
 * Secrets come from INLET_SECRETS, else from where the stage has them.
 * @throws CliError when the store cannot be read.
 */
export async function findSpeakers(stage: DrillStage, withHandlers: boolean): Promise<Speakers> {
  const given = readEnvironment(process.env).secrets;
  const store = await openSecrets(stage.stage.name, stage.config);
  const choice = chooseSources(stage.config, withHandlers);
  const speakers: Speaker[] = [];
  const leftOut = [...choice.leftOut];
  for (const source of choice.chosen) {
    try {
      const [secret] = given[source.name] ?? (await store.get(source.name));
      const target = { origin: stage.backend.origin, token: undefined, run: undefined };
      const signer = createSigner(stage.config, source.name, new URL(stage.backend.origin), target, secret);
      const [sample] = drafts(source.provider, { count: 1, repeat: 1, shuffle: false, seed: 1 });
      if (sample) await signer.sign(toRequest(stage, source, sample, 0));
      speakers.push({ source, signer });
    } catch (error) {
      leftOut.push(`${source.name}: ${explainProblem(error).replace(/^inlet failed: /, '')}`);
    }
  }
  return { speakers, leftOut };
}

export interface Message {
  readonly speaker: Speaker;
  readonly draft: Draft;
  readonly purpose: string;
  readonly expected: string | undefined;
}

/** Sends requests, each signed at the last moment, and remembers them. */
export class Sender {
  readonly sent: Sent[] = [];
  readonly #stage: DrillStage;
  readonly #pace: Pace;

  constructor(stage: DrillStage, pace: Pace) {
    this.#stage = stage;
    this.#pace = pace;
  }

  /** @throws UnreachableError when nobody answers. */
  async send({ speaker, draft, purpose, expected }: Message): Promise<Sent> {
    const { source, signer } = speaker;
    const bare = toRequest(this.#stage, source, draft, this.#pace.now());
    const forged = expected === 'rejected';
    const proven = forged ? bare : await signer.sign(bare);
    const response = await request(new URL(proven.url), {
      method: 'POST',
      headers: {
        ...proven.headers,
        'user-agent': 'inlet-drill',
        [Header.requestId]: `drill-${randomUUID()}`,
      },
      body: new Uint8Array(proven.body),
    });
    const answer = (await response.text()).slice(0, 500);
    const delivery = describeDelivery(source, bare);
    const header = (name: string) => response.headers.get(name);
    const sent: Sent = {
      source: source.name,
      purpose,
      path: new URL(proven.url).pathname,
      status: response.status,
      expected,
      outcome: header(Header.outcome),
      delivery: header(Header.delivery),
      // Without a gateway the function's own.
      requestId: header('apigw-requestid') ?? header('x-amzn-requestid'),
      retryAfter: header('retry-after'),
      answer,
      events: delivery.kind === 'event' ? 1 : delivery.kind === 'batch' ? delivery.items.length : 0,
      bytes: proven.body.length,
    };
    this.sent.push(sent);
    return sent;
  }
}

function toRequest({ backend }: DrillStage, source: Source, draft: Draft, receivedAt: number) {
  return {
    method: 'POST',
    url: `${backend.origin}/webhooks/${encodeURIComponent(source.name)}${draft.subpath}`,
    subpath: draft.subpath,
    headers: draft.headers,
    body: draft.body,
    receivedAt,
  };
}
