import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { waitFor } from '../../helpers/wait-for.ts';
import { runProgram } from './run-program.ts';

/** Stands for an engine: it answers, and says who it is. */
const SERVER =
  "require('node:http').createServer((_, r) => r.end(String(process.pid))).listen(process.argv[1], '127.0.0.1')";
const serverAt = (port: number) => ['-e', SERVER, String(port)];

const isRunning = (pid: number) => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

test('an engine has ended when it is closed', async () => {
  const engine = await runProgram('server', process.execPath, serverAt);
  const pid = Number(await (await fetch(engine.endpoint)).text());
  expect(isRunning(pid)).toBe(true);
  await engine.close();
  await waitFor(() => !isRunning(pid), { what: 'the end of the program' });
});

test('an engine ends with whoever started it, also when that is killed', async () => {
  const script = `
    import { runProgram } from ${JSON.stringify(new URL('run-program.ts', import.meta.url).href)};
    const serverAt = (port) => ['-e', ${JSON.stringify(SERVER)}, String(port)];
    const engine = await runProgram('server', process.execPath, serverAt);
    console.log(await (await fetch(engine.endpoint)).text());
  `;
  const starter = spawn(process.execPath, ['--input-type=module', '-e', script], {
    env: { ...process.env, NODE_OPTIONS: '' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [printed] = await once(starter.stdout, 'data');
  const pid = Number(String(printed));
  expect(isRunning(pid)).toBe(true);
  starter.kill('SIGKILL');
  await waitFor(() => !isRunning(pid), { what: 'the end of the program' });
  await text(starter.stdout);
});

test('a program that ends instead of answering is told with what it wrote', async () => {
  const start = runProgram('server', process.execPath, () => ['-e', "throw new Error('no port for me')"]);
  await expect(start).rejects.toThrow(/server ended instead of answering:.*no port for me/s);
});
