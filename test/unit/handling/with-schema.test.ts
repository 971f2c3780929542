import { type } from 'arktype';
import * as v from 'valibot';
import { z } from 'zod';
import { UnfitPayloadError } from '../../../functions/core/errors.ts';
import type { HandlerContext, InboxEvent } from '../../../functions/core/handler.ts';
import { withSchema } from '../../../functions/handling/with-schema.ts';

const context = {} as HandlerContext;
const event = (payload: unknown) => ({ type: 'order', payload }) as InboxEvent;

test.each([
  ['zod', z.object({ order: z.object({ id: z.coerce.number() }) })],
  [
    'valibot',
    v.object({ order: v.object({ id: v.pipe(v.union([v.string(), v.number()]), v.transform(Number)) }) }),
  ],
  ['arktype', type({ order: { id: 'number | string.numeric.parse' } })],
])('%s: the handler gets what the schema makes of the payload', async (_name, schema) => {
  const got: unknown[] = [];
  await withSchema(schema, ({ payload }) => void got.push(payload))(event({ order: { id: '7' } }), context);
  expect(got).toEqual([{ order: { id: 7 } }]);
});

test.each([
  ['zod', z.object({ order: z.object({ id: z.literal('known') }) })],
  ['valibot', v.object({ order: v.object({ id: v.literal('known') }) })],
  ['arktype', type({ order: { id: "'known'" } })],
])('%s: what does not fit is named by its place, and never quoted', async (_name, schema) => {
  const ran: unknown[] = [];
  const handler = withSchema(schema, ({ payload }) => void ran.push(payload));
  const failure = await Promise.resolve(handler(event({ order: { id: 'a secret' } }), context)).then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(failure).toBeInstanceOf(UnfitPayloadError);
  expect(String(failure)).toMatch(/at order\.id\.$/);
  expect(String(failure)).not.toContain('a secret');
  expect(ran).toEqual([]);
});

test('what is no object at all fails at its root, and of many places the first are named', async () => {
  const failure = (payload: unknown, schema: z.ZodType) =>
    Promise.resolve(withSchema(schema, () => {})(event(payload), context)).catch(String);
  expect(await failure('text', z.object({}))).toMatch(/at its root\.$/);
  const wide = z.object(
    Object.fromEntries(['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((key) => [key, z.number()])),
  );
  expect(await failure({}, wide)).toMatch(/at a, b, c, d, e and 2 more\.$/);
});

test('a key that may be part of the payload is not told', async () => {
  const schema = z.object({ customers: z.record(z.string(), z.object({ total: z.number() })) });
  const payload = { customers: { 'jane@example.com': { total: 'much' } } };
  const failure = await Promise.resolve(withSchema(schema, () => {})(event(payload), context)).catch(String);
  expect(failure).toMatch(/at customers\.\*\.total\.$/);
});
