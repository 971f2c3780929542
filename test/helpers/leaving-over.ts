import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { listenOnLoopback } from './loopback.ts';

type Request = { readonly PutRequest: { readonly Item: { readonly id: { readonly S: string } } } };
type Batch = { readonly RequestItems: Readonly<Record<string, readonly Request[]>> };

/** Stands in front of DynamoDB and leaves items of a BatchWriteItem unprocessed, as a throttled table does. */
export interface LeavingOver {
  readonly endpoint: string;
  /** How often each is left over yet, by id. */
  readonly left: Map<string, number>;
  /** Every BatchWriteItem: when it came, in milliseconds, and the ids in it. */
  readonly asked: { readonly at: number; readonly ids: readonly string[] }[];
  close(): Promise<void>;
}

export async function startLeavingOver(target: string): Promise<LeavingOver> {
  const left = new Map<string, number>();
  const asked: LeavingOver['asked'] = [];
  const server = createServer((request, response) => void pass(request, response));
  const listening = await listenOnLoopback(server);

  async function pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = Buffer.concat(await request.toArray()).toString();
    const isBatch = String(request.headers['x-amz-target']).endsWith('.BatchWriteItem');
    const json = isBatch ? await write(request, JSON.parse(body) as Batch) : await onward(request, body);
    response
      .writeHead(json.status, { 'content-type': 'application/x-amz-json-1.0', connection: 'close' })
      .end(json.text);
  }

  async function write(request: IncomingMessage, { RequestItems }: Batch) {
    const [[table = '', requests = []] = []] = Object.entries(RequestItems);
    asked.push({ at: performance.now(), ids: requests.map(idOf) });
    const taken = requests.filter((one) => !isLeft(idOf(one)));
    const unprocessed = requests.filter((one) => !taken.includes(one));
    if (taken.length > 0) await onward(request, JSON.stringify({ RequestItems: { [table]: taken } }));
    const UnprocessedItems = unprocessed.length > 0 ? { [table]: unprocessed } : {};
    return { status: 200, text: JSON.stringify({ UnprocessedItems }) };
  }

  function isLeft(id: string): boolean {
    const times = left.get(id) ?? 0;
    left.set(id, times - 1);
    return times > 0;
  }

  async function onward({ headers }: IncomingMessage, body: string) {
    const { authorization = '', 'x-amz-target': action = '', 'x-amz-date': date = '' } = headers;
    const answer = await fetch(target, {
      method: 'POST',
      headers: {
        authorization,
        'x-amz-target': String(action),
        'x-amz-date': String(date),
        'content-type': 'application/x-amz-json-1.0',
      },
      body,
    });
    return { status: answer.status, text: await answer.text() };
  }

  return {
    ...listening,
    left,
    asked,
  };
}

function idOf({ PutRequest }: Request): string {
  return PutRequest.Item.id.S;
}
