import type { HandlerContext, InboxEvent } from '../../../functions/core/handler.ts';
import { on } from '../../../functions/handling/on.ts';

const context = {} as HandlerContext;
const event = (type: string | undefined) => ({ type, payload: {} }) as InboxEvent;

/** The name of the handler that ran for a type. */
async function chosen(names: readonly string[], type: string | undefined): Promise<string | undefined> {
  const ran: string[] = [];
  const handlers = names.map((name) => [name, () => void ran.push(name)]);
  await on(Object.fromEntries(handlers))(event(type), context);
  expect(ran.length).toBeLessThan(2);
  return ran[0];
}

test.each([
  ['the type itself', ['invoice.paid', 'invoice.*', 'otherwise'], 'invoice.paid', 'invoice.paid'],
  ['a beginning', ['invoice.paid', 'invoice.*', 'otherwise'], 'invoice.voided', 'invoice.*'],
  ['the longer of two beginnings', ['a.*', 'a.b.*'], 'a.b.c', 'a.b.*'],
  ['in whatever order they are written', ['a.b.*', 'a.*'], 'a.b.c', 'a.b.*'],
  ['every type', ['*', 'otherwise'], 'order', '*'],
  ['otherwise', ['invoice.*', 'otherwise'], 'charge.failed', 'otherwise'],
  ['otherwise, without a type', ['*', 'otherwise'], undefined, 'otherwise'],
  ['nothing where none is for it', ['invoice.*'], 'charge.failed', undefined],
  ['no beginning of another word', ['invoice.*'], 'invoices.paid', undefined],
  ['a property of every object is no type', ['otherwise'], 'constructor', 'otherwise'],
])('%s', async (_what, names, type, expected) => {
  expect(await chosen(names, type)).toBe(expected);
});

test('a type that is called otherwise is none of the handlers by type', async () => {
  expect(await chosen(['otherwise', '*'], 'otherwise')).toBe('*');
});

test.each(['', '*.paid', 'in*voice'])('the pattern "%s" can never fit and is refused', (pattern) => {
  expect(() => on({ [pattern]: () => {} })).toThrow(/write a type such as "invoice.paid"/);
});

test('what a handler throws is thrown', async () => {
  const handler = on({
    '*': () => {
      throw new Error('boom');
    },
  });
  await expect(handler(event('a'), context)).rejects.toThrow('boom');
});
