import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openDataFolder } from '../../../local/data-folder.ts';
import { readEnvironment } from '../../../local/environment.ts';
import { temporaryFolder } from './temporary-folder.ts';

const folder = temporaryFolder();

test('everything has a default', () => {
  expect(readEnvironment({ INLET_TOKEN: '' })).toEqual({
    port: 3000,
    data: '.inlet/',
    token: undefined,
    secrets: {},
  });
});

test('everything can be set', () => {
  const INLET_SECRETS = '{"tasks":["current","previous"]}';
  expect(readEnvironment({ PORT: '0', INLET_DATA: 'memory', INLET_TOKEN: 't', INLET_SECRETS })).toEqual({
    port: 0,
    data: 'memory',
    token: 't',
    secrets: { tasks: ['current', 'previous'] },
  });
});

test.each([
  ['PORT', '70000', /^PORT is "70000"\. Set it to a number from 0 to 65535; 0 picks a free port\.$/],
  ['PORT', '-1', /^PORT is "-1"/],
  ['PORT', '3e3', /^PORT is "3e3"/],
  ['INLET_SECRETS', '{"tasks":["hidden', /^INLET_SECRETS is not valid JSON\. Set it to JSON like /],
  ['INLET_SECRETS', '["hidden"]', /^INLET_SECRETS is not a JSON object\. Set it to /],
  ['INLET_SECRETS', 'null', /^INLET_SECRETS is not a JSON object/],
  [
    'INLET_SECRETS',
    '{"tasks":"hidden"}',
    /^INLET_SECRETS gives "tasks" something else than one or two secrets/,
  ],
  ['INLET_SECRETS', '{"tasks":[]}', /^INLET_SECRETS gives "tasks"/],
  ['INLET_SECRETS', '{"tasks":["hidden",""]}', /^INLET_SECRETS gives "tasks"/],
  ['INLET_SECRETS', '{"tasks":["hidden","hidden","hidden"]}', /^INLET_SECRETS gives "tasks"/],
])('%s=%s is refused with what to do, without quoting a secret', (name, value, message) => {
  const read = () => readEnvironment({ [name]: value });
  expect(read).toThrow(message);
  expect(read).not.toThrow(/hidden/);
});

describe('the data folder', () => {
  test('belongs to one at a time', () => {
    const path = join(folder, 'new', 'data');
    const first = openDataFolder(path);
    expect(() => openDataFolder(path)).toThrow(
      /is in use by another Inlet\. Stop that one, or set INLET_DATA/,
    );
    first.release();
    openDataFolder(path).release();
  });

  test('must be a folder', () => {
    const file = join(folder, 'file');
    writeFileSync(file, '');
    expect(() => openDataFolder(file)).toThrow(
      /cannot be used: .*Set INLET_DATA to a folder that can be written/,
    );
  });
});
