import { chmodSync, mkdirSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { readRunFile, removeRunFile, writeRunFile } from '../../../local/run-file.ts';
import { temporaryFolder } from './temporary-folder.ts';

const data = temporaryFolder();
const temporary = temporaryFolder();
const run = {
  url: 'http://127.0.0.1:4000',
  token: 'token',
  pid: process.pid,
  developmentSecrets: { a: 'b' },
};
const key = { port: 4000, data, temporary };

test('is found by port and by data folder, until it is removed', () => {
  writeRunFile(key, run);
  writeRunFile(key, run);
  expect(readRunFile({ port: 4000, temporary })).toEqual(run);
  expect(readRunFile({ data })).toEqual(run);
  expect(readRunFile({ port: 4001, temporary })).toBeUndefined();
  expect(readRunFile({})).toBeUndefined();
  removeRunFile(key);
  expect(readRunFile(key)).toBeUndefined();
});

test('of a server in memory is found by port only', () => {
  writeRunFile({ port: 4000, data: 'memory', temporary }, run);
  expect(readRunFile({ data: 'memory' })).toBeUndefined();
  expect(readRunFile({ port: 4000, temporary })).toEqual(run);
});

test('of a process that has ended is not believed', () => {
  writeRunFile(key, { ...run, pid: 2 ** 22 + 1 });
  expect(readRunFile(key)).toBeUndefined();
});

test('is neither written nor read in a folder that others can open', () => {
  const folder = join(temporary, `inlet-${userInfo().uid}`);
  mkdirSync(folder, { recursive: true });
  chmodSync(folder, 0o777);
  expect(() => writeRunFile(key, run)).toThrow('not yours alone');
  expect(() => readRunFile(key)).toThrow('not yours alone');
  chmodSync(folder, 0o700);
});
