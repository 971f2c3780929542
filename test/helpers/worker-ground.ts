import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import type { SQSEvent, SQSRecord } from 'aws-lambda';
import { createApiParts } from '../../functions/api/parts.ts';
import { createClients } from '../../functions/aws/clients.ts';
import type { InletConfig } from '../../functions/config/config.ts';
import { type Envelope, encodeEnvelope } from '../../functions/core/envelope.ts';
import type { Handler } from '../../functions/core/handler.ts';
import type { LogLine } from '../../functions/core/log.ts';
import { providers } from '../../functions/providers/index.ts';
import type { SecretStore } from '../../functions/secrets/secret-store.ts';
import { composeWorker } from '../../functions/worker/compose.ts';
import { LOCAL_TABLES } from '../../local/dynamodb.ts';
import { LOCAL_REGION, startSqs } from '../../local/sqs.ts';
import { openTables } from '../proof/engines/tables.ts';

const paths = { delivery: 'payload.id', subject: 'payload.subject', revision: 'payload.revision' };
/** What the sources of the ground have in common. */
export const source = { provider: 'tasks', unsigned: true, ...paths };

/** What DynamoDB or SQS are asked. */
export interface Asked {
  readonly command: string;
  /** The request as JSON. */
  readonly input: string;
}

export interface GroundOptions {
  readonly handle?: Handler['handle'];
  /**
   * Beside its sources: `handled` has the handler and wants the newest, `each` has it for every event, `serial` besides for
   * one at a time of a subject, whose state it keeps, `kept` keeps the state, `listed` sends lists of events.
   */
  readonly config?: Partial<InletConfig>;
  readonly timeoutSeconds?: number;
}

/**
 * The worker on tables and queues of its own, for one test file. Nobody takes messages from the queue: the tests hand them
 * over. Call it at the top of the file.
 */
export async function workerGround({ handle = async () => {}, config, timeoutSeconds }: GroundOptions = {}) {
  const handled = {
    ...source,
    handler: 'own',
    mode: 'latest' as const,
    ...(timeoutSeconds !== undefined && { timeoutSeconds }),
  };
  const own: InletConfig = {
    ...config,
    sources: {
      handled,
      each: { ...handled, mode: 'each' },
      serial: { ...handled, mode: 'each', serial: true, keepState: true },
      kept: source,
      listed: { provider: 'dotdigital' },
      ...config?.sources,
    },
  };
  const [tables, sqs] = await Promise.all([openTables(), startSqs(own)]);
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const endpoints = { dynamodb: tables.engine.endpoint, sqs: sqs.endpoint, s3: sqs.endpoint };
  const clients = createClients({ region: LOCAL_REGION, endpoints, credentials });
  afterAll(async () => {
    clients.dynamodb.destroy();
    clients.sqs.destroy();
    await Promise.all([tables.close(), sqs.close()]);
  });

  const ground = {
    /** Says which requests fail. */
    refuses: (_asked: Asked): boolean => false,
    lines: [] as LogLine[],
    asked: [] as Asked[],
  };
  const pass = (command: string | undefined, input: unknown) => {
    const asked = { command: String(command), input: JSON.stringify(input) };
    if (ground.refuses(asked)) throw Object.assign(new Error('not now'), { name: 'TimeoutError' });
    ground.asked.push(asked);
  };
  clients.dynamodb.middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        pass(commandName, args.input);
        return next(args);
      },
    { step: 'initialize' },
  );
  clients.sqs.middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        pass(commandName, args.input);
        return next(args);
      },
    { step: 'initialize' },
  );
  beforeEach(() => {
    ground.refuses = () => false;
    ground.lines.length = 0;
    ground.asked.length = 0;
  });

  const setup = {
    ...clients,
    config: own,
    packs: providers,
    tables: LOCAL_TABLES,
    inboxQueueUrl: sqs.queueUrls.inbox,
    bodiesBucket: sqs.bucket,
    secrets: {} as SecretStore,
    log: { log: (_level: string, line: LogLine) => void ground.lines.push(line) },
    now: Date.now,
  };
  const parts = createApiParts(setup);
  const functions = composeWorker(setup, { own: { name: 'own', description: 'The own.', handle } });
  const record = (body: string, messageId: string, receives: number) =>
    ({
      messageId,
      receiptHandle: 'expired',
      attributes: { ApproximateReceiveCount: String(receives) },
      body,
    }) as unknown as SQSRecord;
  const eventOf = (messages: readonly (Envelope | string)[], receives: number): SQSEvent => ({
    Records: messages.map((message) =>
      typeof message === 'string'
        ? record(message, message, receives)
        : record(encodeEnvelope(message), message.id, receives),
    ),
  });

  return Object.assign(ground, {
    parts,
    setup,
    /** A confirmed event that no queue has. */
    async queued(sourceName: string, id: string, subject: string, revision: number) {
      const envelope = message(sourceName, id, { id, subject, revision });
      await parts.ledger.claim(envelope);
      await parts.ledger.confirm(sourceName, id);
      return envelope;
    },
    /** The same, whose message says that it passes by itself. */
    async byItself(sourceName: string, id: string, subject: string, revision = 1): Promise<Envelope> {
      return { ...(await this.queued(sourceName, id, subject, revision)), place: { gate: 'entry' } };
    },
    /** Such an event that was given up, whose message is left over. */
    async dead(sourceName: string, id: string, subject: string, revision = 1): Promise<Envelope> {
      const envelope = await this.byItself(sourceName, id, subject, revision);
      await parts.archive.put([envelope]);
      await parts.ledger.settle(envelope, { state: 'dead', reason: 'given up' });
      return envelope;
    },
    async itemOf(table: 'ledger' | 'subjects', id: string) {
      const { Item } = await parts.dynamodb.send(
        new GetItemCommand({ TableName: setup.tables[table], Key: { id: { S: id } }, ConsistentRead: true }),
      );
      return Item;
    },
    /** Hands messages over in one batch. @returns the ids of those that come back by themselves. */
    async hand(
      messages: readonly (Envelope | string)[],
      receives = 1,
      remaining: number | (() => number) = 300_000,
    ) {
      const getRemainingTimeInMillis = () => (typeof remaining === 'number' ? remaining : remaining());
      const invocation = { getRemainingTimeInMillis };
      const answer = await functions.worker(eventOf(messages, receives), invocation);
      return answer.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier).toSorted();
    },
    /** Hands a message over as one that SQS gave up. @returns the ids of those that stay on the dead-letter queue. */
    async giveUp(envelope: Envelope) {
      const answer = await functions.deadLetters(eventOf([envelope], 51));
      return answer.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
    },
    stateOf: async (sourceName: string, id: string) => (await parts.ledger.look(sourceName, id))?.state,
    outcomes: () => ground.lines.flatMap(({ outcome }) => outcome ?? []),
  });
}

/** A message of a source of the ground. */
export function message(
  sourceName: string,
  id: string,
  payload: unknown,
  more: Partial<Envelope> = {},
): Envelope {
  return {
    source: sourceName,
    id,
    kind: 'event',
    receivedAt: Date.now(),
    headers: { 'content-type': 'application/json' },
    subpath: '',
    body: Buffer.from(JSON.stringify(payload)).toString('base64'),
    ...more,
  };
}
