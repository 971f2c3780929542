import { createServer, request as forward, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { compareRevisions } from '../../../functions/core/revisions.ts';
import { readSubject } from '../../../functions/store/gate/subject.ts';
import { LOCAL_TABLES } from '../../../local/dynamodb.ts';

/** One write that has applied an event to its subject. */
export interface Application {
  /** The item of the subject. */
  readonly subject: string;
  readonly revision: string;
  /** After its handler, or without one. */
  readonly by: 'commit' | 'projection';
}

/** What was seen right before DynamoDB. */
export interface Seen {
  /** By the event's ledger id. */
  readonly applied: Map<string, Application[]>;
  /** Subjects with the ids of the forced runs that have ended there, as often as they have. */
  readonly forced: Map<string, Map<string, Set<string>>>;
  /** Highest revision applied, by subject. */
  readonly revisions: Map<string, string>;
  /** Writes of a revision below one that the subject had already. */
  readonly backwards: string[];
}

export interface Witness {
  readonly endpoint: string;
  readonly seen: Seen;
  /** DynamoDB is somewhere else now, and every write whose answer was lost with it is looked up. */
  moved(dynamodb: string, client: DynamoDBClient): Promise<void>;
  close(): void;
}

/**
 * Stands right before DynamoDB, behind every fault: whatever becomes of the answer or of who waits for it, a write that
 * has applied an event to its subject is seen here. Writes to one subject go one after the other, so that they are seen
 * in their order.
 */
export async function startWitness(dynamodb: string): Promise<Witness> {
  let target = dynamodb;
  const seen: Seen = { applied: new Map(), forced: new Map(), revisions: new Map(), backwards: [] };
  const turns = new Map<string, Promise<void>>();
  const unanswered: SubjectWrite[] = [];

  const server = createServer(async (request, response) => {
    request.on('error', () => {});
    response.on('error', () => {});
    const body = Buffer.concat(await request.toArray().catch(() => []));
    const write = subjectWrite(request, body);
    const pass = () => onward(request, body, response, write);
    if (!write) return void pass();
    const turn = (turns.get(write.subject) ?? Promise.resolve()).then(pass);
    turns.set(write.subject, turn);
    await turn;
    if (turns.get(write.subject) === turn) turns.delete(write.subject);
  });

  /** Ends when the answer is there, whoever waits for it. */
  function onward(
    { url = '/', method, headers }: IncomingMessage,
    body: Buffer,
    response: Parameters<Parameters<typeof createServer>[1] & object>[1],
    write: SubjectWrite | undefined,
  ): Promise<void> {
    return new Promise((resolve) => {
      const call = forward(new URL(url, target), { method, headers }, (answer) => {
        if (write && answer.statusCode === 200) note(write);
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.on('error', () => response.destroy());
        answer.pipe(response);
        resolve();
      });
      call.on('error', () => {
        if (write) unanswered.push(write);
        response.destroy();
        resolve();
      });
      call.end(body);
    });
  }

  function note(write: SubjectWrite): void {
    const { subject, event, revision, by, force, fence } = write;
    if (force !== undefined) {
      const ofSubject = seen.forced.get(subject) ?? new Map<string, Set<string>>();
      seen.forced.set(subject, ofSubject);
      // The SDK may repeat the write that ends a run, under the number of that run.
      ofSubject.set(force, (ofSubject.get(force) ?? new Set()).add(fence));
      return;
    }
    const known = seen.revisions.get(subject);
    if (known !== undefined && compareRevisions(revision, known) < 0) {
      seen.backwards.push(`${subject} from ${known} to ${revision}`);
    } else seen.revisions.set(subject, revision);
    const id = `${subject.slice(0, subject.indexOf('#'))}#${event}`;
    seen.applied.set(id, [...(seen.applied.get(id) ?? []), { subject, revision, by }]);
  }

  server.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    moved: async (endpoint, client) => {
      target = endpoint;
      for (const write of unanswered.splice(0)) {
        if (await hasHappened(client, write, seen)) note(write);
      }
    },
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

interface SubjectWrite {
  /** Of its subject or, for a forced run of an event that passes by itself, of its entry. */
  readonly table: string;
  readonly subject: string;
  readonly event: string;
  readonly revision: string;
  readonly by: Application['by'];
  readonly force: string | undefined;
  readonly fence: string;
}

type Values = Readonly<Record<string, { readonly S?: string; readonly N?: string }>>;

/** What a request would apply: the gate writes the event's id to the subject together with the revision. */
function subjectWrite(request: IncomingMessage, body: Buffer): SubjectWrite | undefined {
  if (!String(request.headers['x-amz-target']).endsWith('.UpdateItem')) return undefined;
  const { TableName, Key, UpdateExpression, ExpressionAttributeValues } = JSON.parse(body.toString()) as {
    readonly TableName: string;
    readonly Key: { readonly id: { readonly S: string } };
    readonly UpdateExpression: string;
    readonly ExpressionAttributeValues?: Values;
  };
  const values = ExpressionAttributeValues ?? {};
  const event = TableName === LOCAL_TABLES.subjects ? values[':eventId']?.S : undefined;
  const force = UpdateExpression.startsWith('SET forcedBefore') ? values[':force']?.S : undefined;
  if (event === undefined && force === undefined) return undefined;
  const fence = values[':fence']?.N;
  return {
    table: TableName,
    subject: Key.id.S,
    event: event ?? '',
    revision: values[':revision']?.N ?? '',
    by: fence === undefined ? 'projection' : 'commit',
    force,
    fence: fence ?? '',
  };
}

/** Whether a write that got no answer was carried out: DynamoDB ended in the middle of it. */
async function hasHappened(client: DynamoDBClient, write: SubjectWrite, seen: Seen): Promise<boolean> {
  const { table, subject, event, force } = write;
  const Key = { id: { S: subject } };
  const { Item } = await client.send(new GetItemCommand({ TableName: table, Key, ConsistentRead: true }));
  const now = readSubject(Item);
  if (force !== undefined) return now?.forced?.includes(force) ?? false;
  const id = `${subject.slice(0, subject.indexOf('#'))}#${event}`;
  if (seen.applied.get(id)?.some((one) => one.subject === subject)) return false;
  return now?.eventId === event || (now?.recent?.includes(event) ?? false);
}
