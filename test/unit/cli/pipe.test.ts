/** A reader that has seen enough closes the pipe, as `| head` does. */
import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, test } from '@jest/globals';

const command = resolve(import.meta.dirname, '../../../cli/inlet.ts');

test.each([
  ['what a command prints', ['verify', '--json']],
  ['the help of a command', ['reclaim', '--help']],
])('%s may be read in part', async (_what, words) => {
  const child = spawn(process.execPath, [command, ...words]);
  const ended = new Promise((done) => child.on('close', done));
  child.stdout.destroy();
  child.stdin.end('{"provider":"tasks"}\n');
  expect([await text(child.stderr), await ended]).toEqual(['', 0]);
});
