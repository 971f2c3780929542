import type { StandardSchemaV1 } from '@standard-schema/spec';
import { UnfitPayloadError } from '../core/errors.ts';
import type { HandlerFunction } from '../core/handler.ts';

/** Paths that the reason names: more would not help. */
const NAMED_ISSUES = 5;

/**
 * A handler whose payload is what a schema makes of it: of zod, valibot, arktype or any other library that speaks Standard
 * Schema (https://standardschema.dev). A payload that does not fit quarantines the event, and says where; mend the schema
 * and redrive it.
 *
 * ```ts
 * on({ 'order.paid': withSchema(Order, async ({ payload }) => ship(payload.orderId)) })
 * ```
 */
export function withSchema<Schema extends StandardSchemaV1>(
  schema: Schema,
  handle: HandlerFunction<StandardSchemaV1.InferOutput<Schema>>,
): HandlerFunction {
  return async (event, context) => {
    const result = await schema['~standard'].validate(event.payload);
    if (result.issues) throw new UnfitPayloadError(reasonOf(result.issues));
    await handle({ ...event, payload: result.value }, context);
  };
}

/**
 * Where it does not fit. The messages of a schema may quote the payload, and so may the keys of what is a record: both are
 * left out.
 */
function reasonOf(issues: readonly StandardSchemaV1.Issue[]): string {
  const paths = issues.slice(0, NAMED_ISSUES).map(({ path = [] }) => pathText(path));
  const more = issues.length > NAMED_ISSUES ? ` and ${issues.length - NAMED_ISSUES} more` : '';
  return `The payload does not fit the handler's schema at ${paths.join(', ')}${more}.`;
}

/** What a key of a type looks like. */
const NAME = /^\w{1,40}$/;

function pathText(path: NonNullable<StandardSchemaV1.Issue['path']>): string {
  const keys = path.map((segment) => String(typeof segment === 'object' ? segment.key : segment));
  return keys.length === 0 ? 'its root' : keys.map((key) => (NAME.test(key) ? key : '*')).join('.');
}
