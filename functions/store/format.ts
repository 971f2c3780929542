/** What an item says of its format: functions/core/format.ts. */
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { Format } from '../core/format.ts';

/** The format of an item. */
export function formatOf(item: Readonly<Record<string, AttributeValue>>): number {
  return Number(item.format?.N ?? 1);
}

/** What an item says of its format when it is written as a whole. */
export function formatMark(format: Format): { readonly format?: AttributeValue } {
  return format === 1 ? {} : { format: { N: String(format) } };
}
