/** A running deployed form, with hands for what is outside of it: providers, the queues, the event sources. */
import {
  DeleteMessageCommand,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
} from '@aws-sdk/client-sqs';
import { createSigner, type Signer } from '../../../cli/signer.ts';
import type { InletConfig } from '../../../functions/config/config.ts';
import { Header } from '../../../functions/core/names.ts';
import type { StackTemplate } from '../../helpers/template.ts';
import type { Cloud } from './cloud.ts';
import { type DeployedFunction, drain } from './deployment.ts';
import type { Fault } from './door.ts';
import { ORIGIN, openGateway, type Send } from './gateway.ts';

export interface Deployment {
  readonly template: StackTemplate;
  /** Folder of the cloud assembly: the bundled assets. */
  readonly assets: string;
  readonly config: InletConfig;
  /** Signing secret of each source. */
  readonly secrets: Readonly<Record<string, string>>;
}

type Headers = Readonly<Record<string, string>>;

export const JSON_TYPE = { 'content-type': 'application/json' };
export const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

export class Site {
  readonly config: InletConfig;
  readonly cloud: Cloud;
  readonly functions: readonly DeployedFunction[];
  /** A request to the gateway. */
  readonly send: Send;
  /** What has gone wrong so far. */
  readonly problems: string[] = [];
  /** How many events of each source were accepted. */
  readonly accepted = new Map<string, number>();
  readonly #isOverAtFirst: boolean;
  readonly #template: StackTemplate;
  readonly #secrets: Deployment['secrets'];

  constructor(
    { template, config, secrets }: Deployment,
    cloud: Cloud,
    functions: readonly DeployedFunction[],
    isOverAtFirst: boolean,
  ) {
    this.#isOverAtFirst = isOverAtFirst;
    this.config = config;
    this.cloud = cloud;
    this.functions = functions;
    this.send = openGateway(template, cloud, functions);
    this.#template = template;
    this.#secrets = secrets;
  }

  /**
   * Notes what is wrong when something is not as it has to be.
   * @throws Error with it when the first problem is enough.
   */
  expect(isSo: boolean, problem: string): void {
    if (isSo) return;
    if (this.#isOverAtFirst) throw new Error(problem);
    this.problems.push(problem);
  }

  signer(source: string): Signer {
    const run = { developmentSecrets: this.#secrets };
    const target = { origin: ORIGIN, token: undefined, run } as never;
    return createSigner(this.config, source, new URL(ORIGIN), target, this.#secrets[source]);
  }

  /**
   * Sends a genuine request as the provider would.
   * @param events that it carries.
   * @returns the outcome, and the id of the delivery where it was accepted.
   */
  async post(source: string, body: Buffer, headers: Headers = JSON_TYPE, { subpath = '', events = 1 } = {}) {
    const url = `${ORIGIN}/webhooks/${source}${subpath}`;
    const request = { method: 'POST', url, subpath, headers, body, receivedAt: Date.now() };
    const proven = await this.signer(source).sign(request);
    const answer = await this.send({ ...proven, url: proven.url.slice(ORIGIN.length) });
    const outcome = answer.headers?.[Header.outcome];
    if (outcome === 'accepted') this.accepted.set(source, (this.accepted.get(source) ?? 0) + events);
    const delivery = String(answer.headers?.[Header.delivery] ?? '');
    return { outcome, id: decodeURIComponent(delivery.slice(source.length + 1)) };
  }

  /** Sends a genuine request that has to be acknowledged. @returns its id. */
  async accept(...request: Parameters<Site['post']>): Promise<string> {
    const { outcome, id } = await this.post(...request);
    const isAcknowledged = outcome === 'accepted' || outcome === 'duplicate';
    this.expect(isAcknowledged, `${request[0]}: a genuine request was answered ${outcome}`);
    return id;
  }

  /** Lets the event source of a queue hand everything that waits there to its function. */
  drain(queue: 'InboxQueue' | 'DeadLetterQueue' = 'InboxQueue'): Promise<void> {
    return drain(this.#template, this.cloud, this.functions, queue);
  }

  /** Takes a message off the inbox. */
  async take(): Promise<string> {
    const QueueUrl = this.cloud.created.get('InboxQueue')?.ref;
    const { Messages: [message] = [] } = await this.cloud.sqs.send(new ReceiveMessageCommand({ QueueUrl }));
    if (!message?.Body) throw new Error('there is no message on the inbox');
    await this.cloud.sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: message.ReceiptHandle }));
    return message.Body;
  }

  async put(queue: 'InboxQueue' | 'DeadLetterQueue', MessageBody: string): Promise<void> {
    const QueueUrl = this.cloud.created.get(queue)?.ref;
    await this.cloud.sqs.send(new SendMessageCommand({ QueueUrl, MessageBody }));
  }

  /** Throws away what is on the inbox, also what is hidden there. */
  async purge(): Promise<void> {
    await this.cloud.sqs.send(new PurgeQueueCommand({ QueueUrl: this.cloud.created.get('InboxQueue')?.ref }));
  }

  /** Runs something while calls of a function's role fail as if AWS were out of order. */
  async during(role: string, fault: Fault, run: () => Promise<unknown>): Promise<void> {
    const door = this.functions.find((fn) => fn.role === role)?.door;
    door?.breakDown(fault);
    await run();
    door?.breakDown(undefined);
  }
}
