/** A store that cannot be read is said in one message that names the folder, and is left as it is. */
import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runServer } from './child.ts';
import { temporaryFolder } from './temporary-folder.ts';

const folder = temporaryFolder();
const config = join(folder, 'config.json');
writeFileSync(config, JSON.stringify({ sources: { tasks: { provider: 'tasks', unsigned: true } } }));
const sound = join(folder, 'sound');

/** Runs a server on a data folder until it is ready. */
async function runOnce(data: string): Promise<void> {
  const server = runServer({ INLET_CONFIG: config, INLET_DATA: data });
  await server.ready();
  server.process.kill('SIGTERM');
  await server.ended;
}

beforeAll(async () => {
  await runOnce(sound);
  // LevelDB writes its tables from the log of the start before.
  await runOnce(sound);
}, 60_000);

test.each([
  ['the name of the manifest', 'dynamodb', /^CURRENT$/],
  ['the manifest', 'dynamodb', /^MANIFEST/],
  ['a table', 'dynamodb', /\.ldb$/],
  ['the queues', 'sqs', /\.db$/],
])('%s is damaged', async (what, store, file) => {
  const data = join(folder, what);
  cpSync(sound, data, { recursive: true });
  const damaged = readdirSync(join(data, store)).filter((name) => file.test(name));
  expect(damaged).not.toEqual([]);
  for (const name of damaged) writeFileSync(join(data, store, name), 'damaged'.repeat(1_000));

  const server = runServer({ INLET_CONFIG: config, INLET_DATA: data });
  expect(await server.ended).toBe(1);
  const { stderr } = server.output;
  expect(stderr).toMatch(/cannot be read: .+\. .* away or delete it, .* nothing is deleted by itself\.\n$/);
  expect(stderr.split('\n')).toHaveLength(2);
  expect(stderr).toContain(data);
  for (const name of damaged) expect(readFileSync(join(data, store, name), 'utf8')).toMatch(/^damaged/);
});
