import { type RequestListener, Server } from 'node:http';
import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DescribeTableCommand,
  type DynamoDBClient,
  ResourceInUseException,
} from '@aws-sdk/client-dynamodb';
import dynalite from 'dynalite';
import { type TableDefinition, type TableNames, Tables } from '../functions/core/names.ts';
import { checkLevelDB } from './damaged-store.ts';
import { listen } from './listen.ts';
import { refusalOf } from './stand-in-guard.ts';
import { before } from './time-limit.ts';

const LAST_REQUESTS_MS = 1_000;

/** Names of the local tables, by their role. */
export const LOCAL_TABLES: TableNames = {
  ledger: 'inlet-ledger',
  subjects: 'inlet-subjects',
  archive: 'inlet-archive',
  effects: 'inlet-effects',
};

export interface LocalDynamoDB {
  readonly endpoint: string;
  /** Stops answering, as a failure of DynamoDB would look. The data stays. */
  stop(): Promise<void>;
  /** Answers again, on the same port and with the same data. */
  start(): Promise<void>;
  /** Ends for good and releases the store. */
  close(): Promise<void>;
}

/**
 * DynamoDB as dynalite plays it.
 * @param folder of the LevelDB store; undefined keeps everything in memory.
 * @param key access key id that requests have to name; undefined: any.
 * @throws StartError when the store cannot be read.
 */
export async function startDynamoDB(folder?: string, key?: string): Promise<LocalDynamoDB> {
  if (folder !== undefined) await checkLevelDB(folder);
  const server = dynalite({ path: folder, createTableMs: 0, updateTableMs: 0, deleteTableMs: 0 });
  guard(server, key);
  surviveAbortedRequests(server);
  const underWay = trackRequests(server);
  const port = await listen(server, 0);
  const start = async () => void (await listen(server, port));
  return {
    endpoint: `http://127.0.0.1:${port}`,
    start,
    // dynalite's own `close` would close the store as well, which is all there is in memory.
    stop: () => closeServer(server, Server.prototype.close),
    // dynalite ends the process when a request finds its store closed, so those under way go first.
    close: async () => {
      if (!server.listening) await start();
      refuseRequests(server);
      await before(LAST_REQUESTS_MS, underWay.done());
      await closeServer(server, server.close);
    },
  };
}

/** Answers what may not reach dynalite. */
function guard(server: Server, key: string | undefined): void {
  const [answer] = server.listeners('request') as RequestListener[];
  server.removeAllListeners('request');
  server.on('request', (request, response) => {
    const refusal = refusalOf(request.headers, ['dynamodb'], key);
    if (refusal === undefined) return answer?.(request, response);
    request.resume();
    response.writeHead(403, { 'content-type': 'text/plain' }).end(`Refused: ${refusal}.\n`);
  });
}

/**
 * dynalite throws the error of a request that its client gave up, which would end the process. A client that
 * runs into its time limit is nothing unusual.
 */
function surviveAbortedRequests(server: Server): void {
  server.on('request', (request) => {
    request.removeAllListeners('error');
    request.on('error', () => {});
  });
}

/** Whoever still has a connection open would otherwise go on sending while the store is being closed. */
function refuseRequests(server: Server): void {
  server.removeAllListeners('request');
  server.on('request', (request) => request.destroy());
}

/**
 * Knows when no request is being worked on: dynalite goes on with one whose client has gone, until it calls `end`. A
 * request that never arrived whole is not worked on.
 */
function trackRequests(server: Server): { done(): Promise<void> } {
  const underWay = new Set<Promise<void>>();
  server.on('request', (request, response) => {
    const { promise, resolve } = Promise.withResolvers<void>();
    underWay.add(promise);
    void promise.then(() => underWay.delete(promise));
    const end = response.end.bind(response) as (...parameters: unknown[]) => typeof response;
    response.end = (...parameters: unknown[]) => {
      resolve();
      return end(...parameters);
    };
    request.on('close', () => {
      if (!request.complete) resolve();
    });
  });
  return { done: async () => void (await Promise.all(underWay)) };
}

function closeServer(server: Server, close: Server['close']): Promise<void> {
  return new Promise((resolve, reject) => {
    close.call(server, (error) => (error ? reject(error) : resolve()));
    server.closeAllConnections();
  });
}

/**
 * Creates the tables that are missing and waits until all can be used.
 * @throws Error when a table does not become active: the store is damaged.
 */
export async function createTables(client: DynamoDBClient, names: TableNames = LOCAL_TABLES): Promise<void> {
  for (const [role, definition] of Object.entries(Tables)) {
    const name = names[role as keyof TableNames];
    await client.send(new CreateTableCommand(describe(name, definition))).catch((error: unknown) => {
      if (!(error instanceof ResourceInUseException)) throw error;
    });
    await untilActive(client, name);
  }
}

function describe(name: string, { partitionKey, index }: TableDefinition): CreateTableCommandInput {
  return {
    TableName: name,
    BillingMode: 'PAY_PER_REQUEST',
    KeySchema: [{ AttributeName: partitionKey, KeyType: 'HASH' }],
    AttributeDefinitions: [
      { AttributeName: partitionKey, AttributeType: 'S' },
      ...(index
        ? [
            { AttributeName: index.partitionKey, AttributeType: 'S' as const },
            { AttributeName: index.sortKey, AttributeType: 'N' as const },
          ]
        : []),
    ],
    ...(index && {
      GlobalSecondaryIndexes: [
        {
          IndexName: index.name,
          Projection: { ProjectionType: 'KEYS_ONLY' as const },
          KeySchema: [
            { AttributeName: index.partitionKey, KeyType: 'HASH' as const },
            { AttributeName: index.sortKey, KeyType: 'RANGE' as const },
          ],
        },
      ],
    }),
  };
}

/** dynalite makes a table active one tick after it was created, so a few questions are enough. */
async function untilActive(client: DynamoDBClient, name: string): Promise<void> {
  for (let question = 0; question < 100; question += 1) {
    const { Table } = await client.send(new DescribeTableCommand({ TableName: name }));
    if (Table?.TableStatus === 'ACTIVE') return;
  }
  throw new Error(
    `The local table ${name} cannot be used. Delete the data folder (INLET_DATA) and start again.`,
  );
}
