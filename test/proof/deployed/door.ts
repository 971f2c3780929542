import { createServer, request as forward, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { listenOnLoopback } from '../../helpers/loopback.ts';
import { ACCOUNT, REGION } from './intrinsics.ts';
import { allows, type Right } from './policy.ts';
import type { UserPool } from './user-pool.ts';

/** A call that a function made, as IAM sees it. */
export interface Call extends Right {
  readonly allowed: boolean;
  /** The SDK makes it once more, as the answer was lost or too late. */
  readonly again?: boolean;
  /** Of a table, where it is about several. */
  readonly items?: number;
}

/** Says that a call meets a service that is out of order. */
export type Fault = (call: Right, body: string) => boolean;

/**
 * Where one function reaches AWS: judges every call by the function's role, then passes it to the stand-ins. It is the
 * function's proxy as well, and leads nowhere but to the user pool.
 */
export interface Door {
  readonly endpoint: string;
  readonly calls: Call[];
  /** What fails from now on; undefined ends it. */
  breakDown(fault: Fault | undefined): void;
  close(): Promise<void>;
}

export interface StandIns {
  readonly dynamodb: string;
  /** Of SQS and S3. */
  readonly sqs: string;
  readonly ssm: string;
  readonly userPool: UserPool;
  /** Of CloudFormation, CloudWatch and its Logs, which only people ask. */
  readonly controlPlane?: string;
}

export async function openDoor(rights: readonly Right[], standIns: StandIns): Promise<Door> {
  const calls: Call[] = [];
  let fault: Fault | undefined;
  const server = createServer((request, response) => void pass(request, response));
  // A machine that is busy for 5 s, Node's default, must not look like a network that breaks connections.
  server.keepAliveTimeout = 60_000;
  server.on('connect', ({ url }: IncomingMessage, socket: Duplex) => {
    socket.on('error', () => {});
    if (url !== standIns.userPool.authority) {
      calls.push({ action: 'connect', resource: String(url), allowed: false });
      return void socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
    }
    socket.write('HTTP/1.1 200 OK\r\n\r\n');
    standIns.userPool.serve(socket);
  });
  const listening = await listenOnLoopback(server);

  async function pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    request.on('error', () => {});
    const body = Buffer.concat(await request.toArray().catch(() => []));
    const { target, wanted } = read(request, body, standIns);
    const denied = wanted.filter((right) => !allows(rights, right));
    const again = !/^attempt=1;/.test(String(request.headers['amz-sdk-request']));
    calls.push(...wanted.map((right) => ({ ...right, again, allowed: !denied.includes(right) })));
    if (denied.length > 0) return deny(request, response);
    if (wanted.some((right) => fault?.(right, body.toString()))) return void response.writeHead(500).end();
    const onward = forward(
      new URL(request.url ?? '/', target),
      { method: request.method, headers: request.headers },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      },
    );
    onward.on('error', () => response.destroy());
    onward.end(body);
  }

  return {
    ...listening,
    calls,
    breakDown: (next) => {
      fault = next;
    },
  };
}

/** Which rights a request takes. One of a service that Inlet does not use is an error, not a pass. */
function read(request: IncomingMessage, body: Buffer, standIns: StandIns) {
  const { dynamodb, sqs, ssm, controlPlane = '' } = standIns;
  const arn = (name: string, resource: string) => `arn:aws:${name}:${REGION}:${ACCOUNT}:${resource}`;
  const header = request.headers['x-amz-target'];
  if (request.headers['content-type']?.startsWith('application/x-www-form-urlencoded')) {
    const asked = new URLSearchParams(body.toString());
    const stack = arn('cloudformation', `stack/${asked.get('StackName')}/*`);
    return {
      target: controlPlane,
      wanted: [{ action: `cloudformation:${asked.get('Action')}`, resource: stack }],
    };
  }
  if (header === undefined) {
    // S3, path style: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html
    const action = { GET: 's3:GetObject', PUT: 's3:PutObject', DELETE: 's3:DeleteObject' }[
      String(request.method)
    ];
    const path = decodeURIComponent((request.url ?? '').split('?')[0] ?? '').slice(1);
    return { target: sqs, wanted: [{ action: String(action), resource: `arn:aws:s3:::${path}` }] };
  }
  const [service = '', operation] = String(header).split('.');
  const input = JSON.parse(body.toString()) as Record<string, unknown>;
  switch (service.split('_')[0]) {
    case 'DynamoDB': {
      const tables = Object.entries(input.RequestItems ?? { [String(input.TableName)]: 1 });
      const index = input.IndexName ? `/index/${String(input.IndexName)}` : '';
      const action = `dynamodb:${operation}`;
      return {
        target: dynamodb,
        wanted: tables.map(([table, items]) => ({
          action,
          resource: arn('dynamodb', `table/${table}${index}`),
          ...(Array.isArray(items) && { items: items.length }),
        })),
      };
    }
    case 'AmazonSQS': {
      const queue = String(input.QueueUrl).split('/').at(-1) ?? '';
      // A batch takes the right of the single operation.
      const action = `sqs:${operation?.replace(/Batch$/, '')}`;
      return { target: sqs, wanted: [{ action, resource: arn('sqs', queue) }] };
    }
    case 'AmazonSSM':
      return {
        target: ssm,
        wanted: [{ action: `ssm:${operation}`, resource: arn('ssm', `parameter${String(input.Name)}`) }],
      };
    case 'Logs': {
      const resource = `${arn('logs', `log-group:${String(input.logGroupName)}`)}:*`;
      return { target: controlPlane, wanted: [{ action: `logs:${operation}`, resource }] };
    }
    case 'GraniteServiceVersion20100801':
      return { target: controlPlane, wanted: [{ action: `cloudwatch:${operation}`, resource: '*' }] };
    default:
      throw new Error(`${service} is no service that Inlet uses`);
  }
}

function deny({ headers }: IncomingMessage, response: ServerResponse): void {
  if (headers['x-amz-target'] === undefined)
    response.writeHead(403).end('<Error><Code>AccessDenied</Code></Error>');
  else
    response
      .writeHead(400, { 'content-type': 'application/x-amz-json-1.0' })
      .end(JSON.stringify({ __type: 'x#AccessDeniedException', message: 'the role does not allow it' }));
}
