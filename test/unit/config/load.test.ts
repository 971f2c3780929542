import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadConfig } from '../../../config/load.ts';
import { temporaryFolder } from '../local/temporary-folder.ts';

const folder = temporaryFolder();
const tasks = { sources: { tasks: { provider: 'tasks' } } };

function file(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

test('a configuration in TypeScript is read', async () => {
  expect(Object.keys((await loadConfig('test/fixtures/inlet-with-handlers.config.ts')).sources)).toContain(
    'dotdigital',
  );
});

test.each([
  ['json.json', JSON.stringify(tasks)],
  ['script.mjs', `export default ${JSON.stringify(tasks)};`],
  ['module.mts', `const config: object = ${JSON.stringify(tasks)};\nexport default config;`],
])('%s is read', async (name, content) => {
  expect(await loadConfig(file(name, content))).toEqual(tasks);
});

test.each([
  ['missing.ts', undefined, /missing\.ts does not exist/],
  ['broken.json', '{"sources":', /broken\.json cannot be read: /],
  ['throws.mjs', 'throw new Error("at fault");', /throws\.mjs cannot be read: at fault/],
  ['empty.mjs', 'export const config = {};', /has no default export\. Write: export default defineInlet/],
  ['config.yaml', 'sources:', /config\.yaml must end in \.json/],
  ['wrong.json', '{"sources":{"x":{"provider":"nope"}}}', /nope/],
])('%s is refused with what to do', async (name, content, message) => {
  const path = content === undefined ? join(folder, name) : file(name, content);
  await expect(loadConfig(path)).rejects.toMatchObject({
    code: 'configuration',
    message: expect.stringMatching(message),
  });
});
