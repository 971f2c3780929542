/** Whose code is in which bundle, and that the worker's runs the handlers of the configuration. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { loadInlet } from '../../../config/load.ts';
import { bundleFunction } from '../../../infra/bundle.ts';

const folder = mkdtempSync(join(tmpdir(), 'inlet-test-'));
afterAll(() => rmSync(folder, { recursive: true }));

const on = JSON.stringify(resolve(import.meta.dirname, '../../../functions/handling/on.ts'));
writeFileSync(
  join(folder, 'later.ts'),
  "export default async () => console.log('an own text that is read later');\n",
);
writeFileSync(
  join(folder, 'inlet.config.ts'),
  `import { on } from ${on};
export default {
  sources: {
    billing: { provider: 'stripe', handler: on({ 'invoice.*': async () => console.log('an own text of invoices') }) },
    later: { provider: 'tasks', handler: () => import('./later.ts') },
  },
};
`,
);
const { config, modules } = await loadInlet(join(folder, 'inlet.config.ts'));
const code = (name: string) =>
  readFileSync(
    bundleFunction(`functions/${name}.lambda.ts`, config, join(folder, name), modules).file,
    'utf8',
  );

test('the worker has the handlers, also those that are read later', () => {
  const worker = code('worker');
  expect(worker).toContain('an own text of invoices');
  expect(worker).toContain('an own text that is read later');
});

test.each(['ingest', 'dead-letters', 'console'])(
  '%s has nothing of the code of whoever uses Inlet',
  (name) => {
    expect(code(name)).not.toMatch(/an own text/);
  },
);
