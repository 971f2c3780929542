import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, expect, test } from '@jest/globals';
import { findEvent } from '../../../cli/event-ref.ts';
import { httpBackend } from '../../../cli/http-backend.ts';
import { claimItem } from '../../../functions/store/ledger/entry.ts';
import { createContext } from '../../helpers/context.ts';
import { messageEvent, signDotdigital } from '../../helpers/sign.ts';
import { inlet } from './command.ts';

const config = { sources: { dotdigital: { provider: 'dotdigital' }, tasks: { provider: 'tasks' } } };
const folder = mkdtempSync(join(tmpdir(), 'inlet-cli-'));
afterAll(() => rmSync(folder, { recursive: true }));
const configFile = join(folder, 'config.json');
writeFileSync(configFile, JSON.stringify(config));

const { local, post, api, waitFor } = await createContext({ config });
const run = (...words: string[]) =>
  inlet(words, { env: { INLET_CONFIG: configFile, INLET_URL: local.url, INLET_TOKEN: local.token } });

test('ids of any characters are found, each its own', async () => {
  const ids = ['a/b', 'a%2Fb', 'q?x=1', 'c#d', '100%', 'x/replay', '..'];
  for (const id of ids) {
    const body = JSON.stringify({ ...messageEvent('odd', 'sent'), eventId: id });
    expect((await post('dotdigital', body, signDotdigital(body))).status).toBe(202);
  }
  await waitFor(async () => {
    const { body } = await api('/api/events?state=applied,stale');
    return (body as { events: unknown[] }).events.length === ids.length;
  });
  const backend = httpBackend(local.url, local.token);
  for (const id of ids) {
    expect(await findEvent(backend, ['dotdigital', id])).toMatchObject({ id, payload: { eventId: id } });
    const preview = await backend.replay('dotdigital', id, { force: false, dryRun: true });
    expect(preview).toMatchObject({ id, dryRun: true });
  }
  expect(JSON.parse((await run('event', 'dotdigital/q?x=1')).out)).toMatchObject({ id: 'q?x=1' });
});

test('a source that there is not: 2, or 1 for an event of it, and which there are', async () => {
  const err = expect.stringContaining('there is no source "nope"; the sources are dotdigital, tasks');
  for (const words of [['events'], ['dead', 'list'], ['dead', 'redrive'], ['replay']]) {
    expect(await run(...words, '--source', 'nope')).toMatchObject({ code: 2, err });
  }
  expect(await run('event', 'nope', 'x')).toMatchObject({ code: 1, err });
});

test('an event of a source that was removed from the configuration is found', async () => {
  const entry = { source: 'removed', id: 'old/1', kind: 'event', receivedAt: 1_000 } as const;
  await local.setup.dynamodb.send(
    new PutItemCommand({
      TableName: local.setup.tables.ledger,
      Item: { ...claimItem(entry, 4_000_000_000), state: { S: 'applied' } },
    }),
  );
  const backend = httpBackend(local.url, local.token);
  for (const words of [['removed', 'old/1'], ['removed/old/1'], ['removed/old%2F1']]) {
    expect(await findEvent(backend, words)).toMatchObject({ source: 'removed', id: 'old/1' });
  }
  await expect(findEvent(backend, ['removed/none'])).rejects.toThrow('no event removed/none in any source');
});
