/** Handlers as values of a configuration: what data becomes of them, and what runs. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { checkHandlers, loadInlet } from '../../../config/load.ts';
import { handlersOf } from '../../../functions/config/definition.ts';
import type { HandlerContext, InboxEvent } from '../../../functions/core/handler.ts';
import { temporaryFolder } from '../local/temporary-folder.ts';

const folder = temporaryFolder();
const before = process.cwd();
// Handlers that are only named are looked for in the folder in which one works.
beforeAll(() => process.chdir(join(import.meta.dirname, '../../fixtures')));
afterAll(() => process.chdir(before));
const context = {} as HandlerContext;
const event = {} as InboxEvent;

function file(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

test('a handler that is a value becomes the name of its source, and of nothing else', async () => {
  const path = file(
    'values.mjs',
    `const seen = async () => {};
     export default {
       handlers: { named: seen },
       sources: {
         billing: { provider: 'stripe', handler: seen },
         later: { provider: 'tasks', handler: () => import('./billing.mjs') },
         orders: { provider: 'tasks', handler: 'named' },
         kept: { provider: 'tasks' },
       },
     };`,
  );
  const { config, handlers, modules } = await loadInlet(path);
  expect(config).toEqual({
    sources: {
      billing: { provider: 'stripe', handler: 'billing' },
      later: { provider: 'tasks', handler: 'later' },
      orders: { provider: 'tasks', handler: 'named' },
      kept: { provider: 'tasks' },
    },
  });
  expect(Object.keys(handlers).sort()).toEqual(['billing', 'later', 'named']);
  expect(modules).toEqual({ definition: path });
});

test('a configuration that only names handlers finds them in handlers/index.ts', async () => {
  const path = file('names.json', '{"sources":{"pay":{"provider":"chargify","handler":"fulfil-order"}}}');
  const { handlers, modules } = await loadInlet(path);
  expect(Object.keys(handlers)).toContain('fulfil-order');
  expect(modules).toEqual({ registry: expect.stringMatching(/handlers.index\.ts$/) });
});

test.each([
  [
    'nobody',
    '{ sources: { a: { provider: "tasks", handler: "nobody" } } }',
    /sources\.a\.handler: there is no "nobody"\. Write a function, on\(\{ … \}\) or one of: fulfil-order/,
  ],
  [
    'twice',
    '{ handlers: { a: async () => {} }, sources: { a: { provider: "tasks", handler: async () => {} } } }',
    /sources\.a\.handler: handlers\.a has the same name\. Rename that one\./,
  ],
  [
    'number',
    '{ sources: { a: { provider: "tasks", handler: 7 } } }',
    /sources\.a\.handler: is neither a name nor a function\. Write on\(/,
  ],
  [
    'object',
    '{ sources: { a: { provider: "tasks", handler: { handel: () => {} } } } }',
    /sources\.a\.handler: is neither a name nor a function/,
  ],
  [
    'text',
    '{ handlers: { own: "./own.ts" }, sources: { a: { provider: "tasks", handler: "own" } } }',
    /handlers\.own: is no handler\. Write on\(/,
  ],
  ['list', '{ handlers: [], sources: { a: { provider: "tasks" } } }', /handlers: write an object of names/],
  ['no-source', '{ sources: { a: null } }', /sources\.a: write an object such as/],
  [
    'no-handlers',
    '{ handlers: null, sources: { a: { provider: "tasks" } } }',
    /handlers: write an object of/,
  ],
])('%s: what cannot be a handler is refused with what to do', async (name, definition, message) => {
  await expect(loadInlet(file(`${name}.mjs`, `export default ${definition};`))).rejects.toMatchObject({
    code: 'configuration',
    message: expect.stringMatching(message),
  });
});

test('a handler that is wrong hides no other mistake', async () => {
  const path = file(
    'several.mjs',
    `export default {
       archive: 1,
       handlers: { own: 7, a: async () => {} },
       sources: { a: { provider: 'tasks', handler: async () => {} }, b: { provider: 'tasks', handler: 7 } },
     };`,
  );
  await expect(loadInlet(path)).rejects.toMatchObject({
    problems: [
      expect.stringMatching(/^handlers\.own: is no handler/),
      expect.stringMatching(/^sources\.a\.handler: handlers\.a has the same name/),
      expect.stringMatching(/^sources\.b\.handler: is neither a name nor a function/),
      'archive: write true or false.',
    ],
  });
});

test('a module is read when the first event needs it, and its default export runs', async () => {
  const path = file('billing.mjs', 'export default async (event, context) => context.ran.push(event.id);');
  let reads = 0;
  const { billing } = handlersOf({
    sources: {
      billing: {
        provider: 'stripe',
        handler: () => {
          reads += 1;
          return import(pathToFileURL(path).href);
        },
      },
    },
  });
  expect(reads).toBe(0);
  const ran: string[] = [];
  const own = { ...context, ran } as HandlerContext;
  await billing?.handle({ ...event, id: 'a' }, own);
  await billing?.handle({ ...event, id: 'b' }, own);
  expect(ran).toEqual(['a', 'b']);
  expect(reads).toBe(1);
});

test('what a handler throws is thrown, also by one that has no parameters', async () => {
  const { a } = handlersOf({
    sources: {
      a: {
        provider: 'tasks',
        handler: async () => {
          throw new Error('boom');
        },
      },
    },
  });
  await expect(a?.handle(event, context)).rejects.toThrow('boom');
});

test('a module without a default export is no handler: its events fail, and inlet check says so', async () => {
  file('named.mjs', 'export const handler = async () => {};');
  const path = file(
    'lacking.mjs',
    `export default { sources: { a: { provider: 'tasks', handler: () => import('./named.mjs') } } };`,
  );
  const { handlers } = await loadInlet(path);
  await expect(handlers.a?.handle(event, context)).rejects.toThrow(/the handler a has no default export/);
  await expect(checkHandlers(path)).rejects.toThrow(/the handler a has no default export/);
});
