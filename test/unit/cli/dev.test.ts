/** The server that begins anew when what it has read changes: real processes, real files. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { waitFor } from '../../helpers/wait-for.ts';
import { temporaryFolder } from '../local/temporary-folder.ts';

const INLET = resolve(import.meta.dirname, '../../../cli/inlet.ts');
const folder = temporaryFolder();
const running: ChildProcess[] = [];
afterEach(() => {
  for (const child of running.splice(0)) child.kill('SIGKILL');
});

const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
const config = (handler: string) =>
  `export default { sources: { tasks: { provider: 'tasks', unsigned: true, handler: ${handler} } } };`;
const handlerThatSays = (word: string) => `export default async () => console.log('handled: ${word}');`;

function dev(name: string) {
  const child = spawn(process.execPath, [INLET, 'dev'], {
    cwd: folder,
    env: { PATH: process.env.PATH, PORT: '0', INLET_DATA: 'memory', INLET_CONFIG: name },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.push(child);
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += String(chunk)));
  const exit = once(child, 'exit');
  const starts = () => [...said.matchAll(/^ready (\S+)$/gm)].map(([, url]) => url ?? '');
  const says = (text: string | RegExp, what = String(text)) =>
    waitFor(() => said.search(text) >= 0, { deadlineMs: 25_000, what });
  return {
    child,
    exit,
    starts,
    says,
    started: (times: number) =>
      waitFor(() => starts().length === times && starts().at(-1), {
        deadlineMs: 25_000,
        what: `start ${times}`,
      }),
    post: (url: string, id: string) =>
      fetch(`${url}/webhooks/tasks`, { method: 'POST', body: JSON.stringify({ id, title: id }) }),
  };
}

test('it begins anew, on the same port, when a handler changes, also one that is read later', async () => {
  write('later.mjs', handlerThatSays('one'));
  write('changing.mjs', config("() => import('./later.mjs')"));
  const inlet = dev('changing.mjs');
  const url = await inlet.started(1);
  await inlet.post(url, 'a');
  await inlet.says('handled: one');
  write('later.mjs', handlerThatSays('two'));
  expect(await inlet.started(2)).toBe(url);
  await inlet.post(url, 'b');
  await inlet.says('handled: two');
}, 90_000);

test('a mistake after a change is told, and the next change counts', async () => {
  write('mistaken.mjs', config('async () => {}'));
  const inlet = dev('mistaken.mjs');
  await inlet.started(1);
  write('mistaken.mjs', config("'nobody'"));
  await inlet.says(/there is no "nobody"/);
  await inlet.says('Waiting for a change.');
  write('mistaken.mjs', config('async () => {}'));
  await inlet.started(2);
  inlet.child.kill('SIGTERM');
  expect(await inlet.exit).toEqual([0, null]);
}, 90_000);

test('a mistake in the first configuration ends it', async () => {
  write('wrong.mjs', config("'nobody'"));
  const inlet = dev('wrong.mjs');
  await inlet.says(/there is no "nobody"/);
  expect(await inlet.exit).toEqual([1, null]);
}, 60_000);

test('when it is killed, its server ends as well', async () => {
  write('killed.mjs', config('async () => {}'));
  const inlet = dev('killed.mjs');
  const url = await inlet.started(1);
  inlet.child.kill('SIGKILL');
  const isGone = () =>
    fetch(`${url}/health`).then(
      () => false,
      () => true,
    );
  await waitFor(isGone, { deadlineMs: 20_000, what: 'the end of the server' });
}, 60_000);
