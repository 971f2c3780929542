/** An account with the stack of a failed deployment: CloudFormation, DynamoDB and Cognito, as far as it is asked. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export interface FailedCloud {
  status: string;
  /** What the stack itself has been through, the newest first. */
  history: string[];
  isProtected: boolean;
  /** By name: whether it is protected, and how many items it has. */
  readonly tables: Map<string, { isProtected: boolean; items: number }>;
  readonly pools: Map<string, { isProtected: boolean; users: number }>;
  /** Other resources that could not be deleted, and why. */
  stuck: { readonly type: string; readonly name: string; readonly reason: string }[];
  /** Resources that nobody has tried to delete. */
  made: { readonly type: string; readonly name: string }[];
  /** What has been changed, in order. */
  readonly changes: unknown[];
  readonly endpoint: string;
  close(): void;
}

const ID = 'arn:aws:cloudformation:us-east-1:000000000000:stack/Inlet-prod/1';
const PER_PAGE = 2;

type Json = Record<string, unknown>;

export async function startFailedCloud(): Promise<FailedCloud> {
  const server = createServer(async (request, response) => {
    const body = await text(request);
    const target = request.headers['x-amz-target'];
    if (target === undefined) {
      const [status, xml] = cloudFormation(cloud, new URLSearchParams(body));
      return response.writeHead(status, { 'content-type': 'text/xml' }).end(xml);
    }
    const [service = '', action = ''] = String(target).split('.');
    const input = JSON.parse(body) as Json;
    const answer = (/^DynamoDB/.test(service) ? dynamodb : cognito)(cloud, action, input);
    const type = request.headers['content-type'] ?? '';
    return response
      .writeHead(answer.__type ? 400 : 200, { 'content-type': type })
      .end(JSON.stringify(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const cloud: FailedCloud = {
    status: 'ROLLBACK_FAILED',
    history: ['ROLLBACK_FAILED', 'ROLLBACK_IN_PROGRESS', 'CREATE_IN_PROGRESS', 'REVIEW_IN_PROGRESS'],
    isProtected: true,
    tables: new Map([
      ['Inlet-prod-LedgerTable-1', { isProtected: true, items: 0 }],
      ['Inlet-prod-ArchiveTable-1', { isProtected: true, items: 0 }],
    ]),
    pools: new Map([['us-east-1_abc', { isProtected: true, users: 0 }]]),
    stuck: [],
    made: [],
    changes: [],
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
  return cloud;
}

/** As https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_Operations.html shows the answers. */
function cloudFormation(cloud: FailedCloud, asked: URLSearchParams): [number, string] {
  const action = asked.get('Action') ?? '';
  const reply = (result: string): [number, string] => [
    200,
    `<${action}Response xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><${action}Result>${result}</${action}Result></${action}Response>`,
  ];
  if (action === 'DescribeStacks' && asked.get('StackName') === 'Inlet-prod')
    return reply(
      `<Stacks><member><StackId>${ID}</StackId><StackName>Inlet-prod</StackName><StackStatus>${cloud.status}</StackStatus><CreationTime>2026-11-22T10:00:00Z</CreationTime><EnableTerminationProtection>${cloud.isProtected}</EnableTerminationProtection></member></Stacks>`,
    );
  if (asked.get('StackName') !== ID)
    return [
      400,
      `<ErrorResponse><Error><Type>Sender</Type><Code>ValidationError</Code><Message>Stack with id ${asked.get('StackName')} does not exist</Message></Error></ErrorResponse>`,
    ];
  const page = <T>(items: readonly T[], write: (item: T) => string, name: string) => {
    const from = Number(asked.get('NextToken') ?? 0);
    const next = from + PER_PAGE < items.length ? `<NextToken>${from + PER_PAGE}</NextToken>` : '';
    const members = items.slice(from, from + PER_PAGE).map((item) => `<member>${write(item)}</member>`);
    return reply(`<${name}>${members.join('')}</${name}>${next}`);
  };
  if (action === 'DescribeStackEvents')
    return page(
      eventsOf(cloud),
      ({ id, status }, at = '2026-11-22T10:00:00Z') =>
        `<StackId>${ID}</StackId><StackName>Inlet-prod</StackName><PhysicalResourceId>${id}</PhysicalResourceId><ResourceStatus>${status}</ResourceStatus><EventId>${id}-${status}</EventId><Timestamp>${at}</Timestamp>`,
      'StackEvents',
    );
  if (action === 'ListStackResources')
    return page(
      resourcesOf(cloud),
      ({ type, name, status, reason }) =>
        `<LogicalResourceId>${type}</LogicalResourceId><ResourceType>${type}</ResourceType><PhysicalResourceId>${name}</PhysicalResourceId><ResourceStatus>${status}</ResourceStatus><ResourceStatusReason>${reason}</ResourceStatusReason><LastUpdatedTimestamp>2026-11-22T10:00:00Z</LastUpdatedTimestamp>`,
      'StackResourceSummaries',
    );
  if (action !== 'UpdateTerminationProtection') return [400, ''];
  cloud.isProtected = asked.get('EnableTerminationProtection') === 'true';
  cloud.changes.push('termination protection');
  return reply(`<StackId>${ID}</StackId>`);
}

/** A table of the stack was complete, too: that says nothing of the stack. */
function eventsOf({ history }: FailedCloud) {
  return [
    ...history.map((status) => ({ id: ID, status })),
    { id: 'Inlet-prod-LedgerTable-1', status: 'CREATE_COMPLETE' },
  ];
}

function resourcesOf({ tables, pools, stuck, made }: FailedCloud) {
  const locked = { status: 'DELETE_FAILED', reason: 'deletion protection' };
  return [
    { type: 'AWS::Lambda::Function', name: 'Inlet-prod-Ingest', status: 'DELETE_COMPLETE', reason: '' },
    ...[...tables.keys()].map((name) => ({ type: 'AWS::DynamoDB::Table', name, ...locked })),
    ...[...pools.keys()].map((name) => ({ type: 'AWS::Cognito::UserPool', name, ...locked })),
    ...stuck.map((resource) => ({ ...resource, status: 'DELETE_FAILED' })),
    ...made.map((resource) => ({ ...resource, status: 'CREATE_COMPLETE', reason: '' })),
  ];
}

function dynamodb({ tables, changes }: FailedCloud, action: string, input: Json): Json {
  const name = String(input.TableName);
  const table = tables.get(name);
  if (!table) return { __type: 'com.amazonaws.dynamodb.v20120810#ResourceNotFoundException' };
  if (action === 'DescribeTable')
    return { Table: { TableName: name, DeletionProtectionEnabled: table.isProtected } };
  if (action === 'Scan') return { Count: Math.min(table.items, 1), ScannedCount: 1 };
  table.isProtected = input.DeletionProtectionEnabled === true;
  changes.push({ action, ...input });
  return {};
}

function cognito({ pools, changes }: FailedCloud, action: string, input: Json): Json {
  const pool = pools.get(String(input.UserPoolId));
  if (!pool) return { __type: 'ResourceNotFoundException' };
  if (action === 'DescribeUserPool')
    return {
      UserPool: {
        Id: input.UserPoolId,
        DeletionProtection: pool.isProtected ? 'ACTIVE' : 'INACTIVE',
        EstimatedNumberOfUsers: pool.users,
        MfaConfiguration: 'OPTIONAL',
      },
    };
  // As https://github.com/hashicorp/terraform-provider-aws/issues/7261 reports it.
  if ((input.MfaConfiguration ?? 'OFF') !== 'OFF') return { __type: 'InvalidParameterException' };
  pool.isProtected = input.DeletionProtection !== 'INACTIVE';
  changes.push({ action, ...input });
  return {};
}
