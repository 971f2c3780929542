/** Whose code is in which bundle, and that the worker's runs the handlers of the configuration. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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
const OLD_PACKAGE = `const { get } = require('https');
const { EventEmitter } = require('events');
exports.works = () => [typeof get, typeof EventEmitter, require('./codes.json').declined].join(' ');
class CardDeclined extends Error { name = this.constructor.name; }
exports.CardDeclined = CardDeclined;
`;
writeFileSync(
  join(folder, 'entry.ts'),
  "import old from 'old-package';\nexport default () => () => [old.works(), new old.CardDeclined().name].join(' ');\n",
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
// What packages of npm are: CommonJS that asks for a module of Node and for a JSON file.
mkdirSync(join(folder, 'node_modules/old-package'), { recursive: true });
writeFileSync(join(folder, 'node_modules/old-package/index.js'), OLD_PACKAGE);
writeFileSync(join(folder, 'node_modules/old-package/codes.json'), '{"declined":402}');
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

test('what handlers import gets the modules that it asks for, and errors keep their names', async () => {
  // A function of the name that runs handlers, which calls the package when it is called.
  const lambda = join(folder, 'worker.lambda.ts');
  writeFileSync(lambda, readFileSync(join(folder, 'entry.ts')));
  const { file } = bundleFunction(lambda, config, join(folder, 'old'), modules);
  const child = spawnSync(
    process.execPath,
    ['-e', `import(${JSON.stringify(file)}).then((m) => console.log(m.handler()))`],
    {
      encoding: 'utf8',
    },
  );
  expect([child.stdout.trim(), child.stderr]).toEqual(['function function 402 CardDeclined', '']);
});
