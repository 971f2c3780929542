/** How one request of Meta is split into items that make sense by themselves. */
import { isObject } from '../core/is-object.ts';

type Fields = Readonly<Record<string, unknown>>;
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/**
 * One item for each change and message, with what of its entry it needs. WhatsApp packs several messages and
 * delivery statuses into one change: each becomes an item, with the metadata of the change.
 */
export function splitEntries(body: unknown): readonly unknown[] {
  if (!isObject(body) || !Array.isArray(body.entry)) return [body];
  const { object } = body;
  return listOf(body.entry).flatMap((entry: unknown): readonly unknown[] => {
    if (!isObject(entry)) return [{ object, entry }];
    const { changes, messaging, standby, ...rest } = entry;
    const base = { object, entry: rest };
    const items = [
      ...listOf(changes).flatMap((change) => changeItems(base, change)),
      ...listOf(messaging).map((message) => ({ ...base, messaging: message })),
      ...listOf(standby).map((message) => ({ ...base, standby: message })),
    ];
    const lists = changes !== undefined || messaging !== undefined || standby !== undefined;
    return lists ? items : [base];
  });
}

function changeItems(base: Fields, change: unknown): readonly unknown[] {
  if (!isObject(change) || !isObject(change.value)) return [{ ...base, change }];
  const { field, value } = change;
  const { messages, statuses, ...rest } = value;
  const items = [
    ...listOf(messages).map((message) => ({ ...base, field, value: rest, message })),
    ...listOf(statuses).map((status) => ({ ...base, field, value: rest, status })),
  ];
  return items.length > 0 ? items : [{ ...base, field, value }];
}
