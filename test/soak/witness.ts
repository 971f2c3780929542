import { createServer, request as forward, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { LOCAL_TABLES } from '../../infra/local/dynamodb.ts';

/**
 * Stands right before DynamoDB, behind every fault: whatever becomes of the answer or of who waits for it, a write that
 * has applied an event to its subject is seen here.
 * @param applied is told the event's ledger id, each time that its subject takes it.
 * @returns the endpoint.
 */
export async function startWitness(dynamodb: string, applied: (id: string) => void): Promise<string> {
  const server = createServer(async (request, response) => {
    request.on('error', () => {});
    const body = Buffer.concat(await request.toArray().catch(() => []));
    const event = appliedBy(request, body);
    const { method, headers } = request;
    const onward = forward(new URL(request.url ?? '/', dynamodb), { method, headers }, (answer) => {
      if (event !== undefined && answer.statusCode === 200) applied(event);
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onward.on('error', () => response.destroy());
    onward.end(body);
  });
  server.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** The event that a request would apply: the gate writes its id to the subject together with the revision. */
function appliedBy(request: IncomingMessage, body: Buffer): string | undefined {
  if (!String(request.headers['x-amz-target']).endsWith('.UpdateItem')) return undefined;
  const { TableName, Key, ExpressionAttributeValues } = JSON.parse(body.toString()) as {
    readonly TableName: string;
    readonly Key: { readonly id: { readonly S: string } };
    readonly ExpressionAttributeValues?: Readonly<Record<string, { readonly S?: string }>>;
  };
  const event = ExpressionAttributeValues?.[':eventId']?.S;
  if (TableName !== LOCAL_TABLES.subjects || event === undefined) return undefined;
  return `${Key.id.S.slice(0, Key.id.S.indexOf('#'))}#${event}`;
}
