import type { Item } from '../../../functions/aws/dynamodb.ts';
import { bodyText, type WireRequest } from './emulators.ts';

interface Body {
  readonly TableName?: string;
  readonly Key?: Item;
  readonly Item?: Item;
  readonly UpdateExpression?: string;
  readonly ExpressionAttributeValues?: Item;
  readonly RequestItems?: Readonly<Record<string, readonly unknown[]>>;
  readonly MessageBody?: string;
  readonly VisibilityTimeout?: number;
  readonly Entries?: readonly unknown[];
}

/** One line about a call, for the trace: what it does to which item. */
export function describeCall(request: WireRequest): string {
  if (!request.headers['x-amz-target']) return `${request.method} ${request.path.slice(0, 40)}`;
  const operation = request.headers['x-amz-target']?.split('.')[1] ?? '';
  const body = JSON.parse(bodyText(request)) as Body;
  const table = body.TableName?.replace('inlet-', '');
  const id = (body.Key ?? body.Item)?.id?.S;
  return [operation, table, id, detailOf(operation, body)].filter(Boolean).join(' ');
}

function detailOf(operation: string, body: Body): string {
  switch (operation) {
    case 'PutItem':
      return body.Item?.state ? `state=${body.Item.state.S}` : '';
    case 'UpdateItem':
      return valuesOf(body);
    case 'BatchWriteItem':
      return Object.entries(body.RequestItems ?? {})
        .map(([table, writes]) => `${table.replace('inlet-', '')} ×${writes.length}`)
        .join(' ');
    case 'SendMessage': {
      const { source, key } = JSON.parse(body.MessageBody ?? '{}') as { source?: string; key?: string };
      return `${source}#${key}`;
    }
    case 'ChangeMessageVisibility':
      return `to ${body.VisibilityTimeout} s`;
    default:
      return '';
  }
}

/** The values that an update is about, by the names of their placeholders. */
function valuesOf({ UpdateExpression = '', ExpressionAttributeValues: values = {} }: Body): string {
  const telling = ['state', 'revision', 'eventId', 'fence', 'event', 'queued', 'retrying'];
  const told = telling
    .filter((name) => values[`:${name}`] && new RegExp(`:${name}\\b`).test(UpdateExpression))
    .map((name) => `${name}=${values[`:${name}`]?.S ?? values[`:${name}`]?.N}`);
  return told.length > 0 ? told.join(' ') : UpdateExpression.slice(0, 40);
}
