/** A stage that keeps no listing and confirms nothing: the console says so instead of showing less. */
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { expect, test } from '@jest/globals';
import { claimItem } from '../../functions/store/ledger/entry.ts';
import { createContext } from '../helpers/context.ts';
import { signDotdigital } from '../helpers/sign.ts';
import { openBrowser } from './open-browser.ts';

const { local, post, api, waitFor } = await createContext({
  config: { economy: true, sources: { dotdigital: { provider: 'dotdigital' } } },
});
const { newPage, complaints } = await openBrowser();

async function open(path: string) {
  const page = await newPage();
  await page.goto(`${local.url}/console${path}#token=${local.token}`);
  await page.getByRole('navigation').waitFor();
  return page;
}

test('the list says what it lacks, and the dead letters lack nothing', async () => {
  const answer = await post('dotdigital', '{', signDotdigital('{'));
  const delivery = answer.headers.get('inlet-delivery') ?? '';
  const id = delivery.slice('dotdigital/'.length);
  await waitFor(async () => (await api(`/api/events/${delivery}`)).status === 200);

  const list = await open('');
  await list.getByText('This stage keeps no listing (economy: true)').waitFor();
  expect(await list.getByText('Nothing has come in yet').count()).toBe(0);
  await (await open('/dead')).getByRole('checkbox', { name: `Choose event ${id}` }).waitFor();

  const sources = await open('/sources');
  await sources.getByRole('heading', { name: 'dotdigital' }).waitFor();
  expect(await sources.getByText('not heard yet').count()).toBe(0);
  expect(complaints).toEqual([]);
});

test('the audit claims no more than it knows', async () => {
  const entry = {
    source: 'dotdigital',
    id: 'half',
    kind: 'event',
    receivedAt: Date.now() - 120_000,
  } as const;
  await local.setup.dynamodb.send(
    new PutItemCommand({
      TableName: local.setup.tables.ledger,
      Item: claimItem(entry, 4_000_000_000, false),
    }),
  );
  const page = await open('/audit');
  const said = '1 unconfirmed. At least 1 of them have no message: never acknowledged, or lost.';
  await page.getByText(said).waitFor();
  expect(await page.getByText('their providers send them again').count()).toBe(0);
});
