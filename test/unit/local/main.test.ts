import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { readRunFile } from '../../../local/run-file.ts';
import { messageEvent, signDotdigital } from '../../helpers/sign.ts';
import { waitFor } from '../../helpers/wait-for.ts';
import { runFile, runServer } from './child.ts';
import { temporaryFolder } from './temporary-folder.ts';

const folder = temporaryFolder();
const config = join(folder, 'config.json');
writeFileSync(
  config,
  JSON.stringify({
    sources: {
      tasks: { provider: 'tasks' },
      second: { provider: 'tasks' },
      dotdigital: { provider: 'dotdigital' },
    },
  }),
);

describe('a start', () => {
  const data = join(folder, 'data');
  const given = 'a-secret-that-was-given';
  const server = runServer({
    INLET_CONFIG: config,
    INLET_DATA: data,
    INLET_SECRETS: JSON.stringify({ second: [given], dotdigital: ['a strong secret'] }),
  });

  test('prints address, development secret and sample command of each source, and the token', async () => {
    const url = await server.ready();
    const { stdout } = server.output;
    for (const source of ['tasks', 'second']) {
      expect(stdout).toContain(`\nnpm run -s inlet -- send ${source} --url ${url}/webhooks/${source}\n`);
    }
    expect(stdout).toContain('\ndevelopment secret development-secret-of-tasks\n');
    expect(stdout).toMatch(/^token .*: [\w-]{43}$/m);
    expect(stdout).not.toContain(given);
    expect(stdout.match(/^ready /gm)).toHaveLength(1);
  });

  test('answers on that address', async () => {
    const response = await fetch(`${await server.ready()}/health`);
    expect([response.status, await response.json()]).toEqual([200, { status: 'Up' }]);
  });

  test('serves with a short secret, and warns of it without quoting it', async () => {
    const body = JSON.stringify(messageEvent('m', 'read'));
    const response = await fetch(`${await server.ready()}/webhooks/dotdigital`, {
      method: 'POST',
      headers: signDotdigital(body, 'a strong secret'),
      body,
    });
    expect(response.status).toBe(202);
    expect(server.output.stderr).toMatch(/^Warning: Secret 1 of "dotdigital": It is shorter than 16/);
    expect(server.output.stdout + server.output.stderr).not.toContain('a strong secret');
  });

  test('leaves a file for the command line, for this user only and without given secrets', async () => {
    const url = await server.ready();
    const path = join(data, 'run.json');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readFileSync(path, 'utf8')).not.toContain(given);
    const run = {
      url,
      pid: server.process.pid,
      developmentSecrets: { tasks: 'development-secret-of-tasks' },
    };
    expect(readRunFile({ data })).toMatchObject(run);
    expect(readRunFile({ port: Number(new URL(url).port) })).toMatchObject(run);
  });

  test('keeps its data folder to itself', async () => {
    await server.ready();
    const other = runServer({ INLET_CONFIG: config, INLET_DATA: data });
    expect(await other.ended).toBe(1);
    expect(other.output).toEqual({
      stdout: '',
      stderr: expect.stringMatching(/^The data folder .* in use .*INLET_DATA.*\n$/),
    });
  });

  test('ends on SIGTERM with 0 within 5 s, and a request under way gets its answer', async () => {
    const url = await server.ready();
    const secret = { 'x-inlet-secret': given, 'content-type': 'application/json' };
    const posts = Array.from({ length: 20 }, (_, id) =>
      fetch(`${url}/webhooks/second`, {
        method: 'POST',
        headers: secret,
        body: JSON.stringify({ batchid: 'b', id }),
      }).then(
        ({ status }) => status,
        () => 'not accepted',
      ),
    );
    await Promise.race(posts);
    const sent = Date.now();
    server.process.kill('SIGTERM');
    expect(await server.ended).toBe(0);
    expect(Date.now() - sent).toBeLessThan(5_000);
    const statuses = new Set(await Promise.all(posts));
    expect([...statuses].filter((status) => status !== 'not accepted')).toEqual([200]);
    expect(existsSync(join(data, 'run.json'))).toBe(false);
    // The warning of the short secret alone.
    expect(server.output.stderr).toMatch(/^Warning: [^\n]+\n$/);
  });
});

test('SIGINT ends it as well', async () => {
  const server = runServer({ INLET_CONFIG: config, INLET_TOKEN: 'a-token-that-was-given' });
  await server.ready();
  expect(server.output.stdout).not.toContain('a-token-that-was-given');
  server.process.kill('SIGINT');
  expect(await server.ended).toBe(0);
});

test('it ends when the npm that started it is gone', async () => {
  const parent = runFile('test/unit/local/parent-of-server.ts', [config]);
  const [, pid = ''] = await parent.line(/^pid (\d+)$/m);
  const [, url = ''] = await parent.line(/^ready (.+)$/m);
  expect((await fetch(`${url}/health`)).status).toBe(200);
  parent.process.kill('SIGKILL');
  await waitFor(() => !isAlive(Number(pid)), { what: 'the end of the server' });
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

describe('a mistake is one message that says what to do, and exit 1', () => {
  test.each<[string, Record<string, string>, RegExp]>([
    ['secrets', { INLET_SECRETS: '{"tasks":["hidden' }, /^INLET_SECRETS is not valid JSON\. Set it to .*\n$/],
    [
      'an unknown source',
      { INLET_SECRETS: '{"nope":["hidden"]}' },
      /"nope" is not a source\. The sources are: tasks, second, dotdigital\.\n$/,
    ],
    [
      'the configuration',
      { INLET_CONFIG: join(folder, 'none.json') },
      /none\.json does not exist\. Create it, or set INLET_CONFIG/,
    ],
  ])('%s', async (_what, env, message) => {
    const server = runServer({ INLET_CONFIG: config, ...env });
    expect(await server.ended).toBe(1);
    expect(server.output.stdout).toBe('');
    expect(server.output.stderr).toMatch(message);
    expect(server.output.stderr).not.toMatch(/hidden|^ {4}at /m);
  });

  test('a port in use', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await waitFor(() => other.listening);
    const { port } = other.address() as { port: number };
    const server = runServer({ INLET_CONFIG: config, PORT: String(port) });
    expect(await server.ended).toBe(1);
    expect(server.output.stderr).toBe(
      `Port ${port} is in use. Stop the program that has it, or set PORT to another one (0 picks a free one).\n`,
    );
    other.close();
  });
});
