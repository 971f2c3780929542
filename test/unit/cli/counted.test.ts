/** `inlet audit --counted` on a laptop: the running server has counted what its ingest has taken in. */
import { DeleteItemCommand } from '@aws-sdk/client-dynamodb';
import { expect, test } from '@jest/globals';
import type { AuditReport } from '../../../functions/api/types.ts';
import { ledgerId } from '../../../functions/store/ledger/entry.ts';
import { createContext } from '../../helpers/context.ts';
import { messageEvent, signDotdigital } from '../../helpers/sign.ts';
import { inlet } from './command.ts';

const { local, post, api, waitFor } = await createContext();
const run = (...words: string[]) => inlet([...words, '--url', local.url, '--token', local.token]);

async function send(event: unknown): Promise<void> {
  const body = JSON.stringify(event);
  await post('dotdigital', body, signDotdigital(body));
}

test('an entry that is gone is missed, although the books balance', async () => {
  const idle = await run('audit', '--counted');
  expect([idle.code, JSON.parse(idle.out).counted]).toEqual([
    0,
    expect.objectContaining({ counted: 0, kept: 0, lost: [], uncounted: [] }),
  ]);
  for (const id of ['a', 'b', 'b']) await send(messageEvent(id, 'sent'));
  await send([messageEvent('c', 'sent'), messageEvent('d', 'sent')]);
  await waitFor(async () => ((await api('/api/audit')).body as AuditReport).total.applied === 4);
  const whole = await run('audit', '--counted');
  expect([whole.code, JSON.parse(whole.out).counted]).toEqual([
    0,
    expect.objectContaining({ counted: 3, kept: 3, lost: [], uncounted: [] }),
  ]);

  const { dynamodb, tables } = local.setup;
  const Key = { id: { S: ledgerId('dotdigital', 'a-sent') } };
  await dynamodb.send(new DeleteItemCommand({ TableName: tables.ledger, Key }));
  expect((await run('audit')).code).toBe(0);
  const { code, err } = await run('audit', '--hours', '1');
  expect([code, err]).toEqual([
    1,
    expect.stringMatching(/lost 1 of dotdigital in the hour from \S+: 3 counted, 2 kept/),
  ]);
});

test('however far back: only what arrived since the server was started is compared', async () => {
  const { code, err } = await inlet(['audit', '--counted', '--hours', '100000'], {
    env: { INLET_URL: local.url, INLET_TOKEN: local.token },
  });
  // However long: nothing is known of the time before it was started.
  expect([code, err]).toEqual([1, expect.stringContaining('lost 1')]);
  expect((await api(`/api/audit?after=1000`)).status).toBe(400);
  const withoutToken = await fetch(`${local.url}/api/counted`);
  expect(withoutToken.status).toBe(401);
});
