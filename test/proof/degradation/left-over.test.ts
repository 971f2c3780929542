/** DynamoDB takes a part of a batch only: BatchWriteItem names the rest in its answer, and that is no error. */
import type { SQSEvent } from 'aws-lambda';
import { createClients } from '../../../functions/aws/clients.ts';
import { composeWorker } from '../../../functions/worker/compose.ts';
import { createContext } from '../../helpers/context.ts';
import { startLeavingOver } from '../../helpers/leaving-over.ts';
import { messageEvent } from '../../helpers/sign.ts';
import { messageRecords } from './message-records.ts';

const { local } = await createContext();
const table = await startLeavingOver(local.dynamodb.endpoint);
const { dynamodb } = createClients({
  region: 'us-east-1',
  endpoints: { dynamodb: table.endpoint },
  credentials: local.credentials,
});
afterAll(async () => {
  dynamodb.destroy();
  await table.close();
});
beforeEach(() => {
  table.left.clear();
  table.asked.splice(0);
});

const { worker } = composeWorker({ ...local.setup, dynamodb });

/** Three events as the queue hands them over. @returns the messages that come back. */
async function work(name: string): Promise<readonly string[]> {
  const Records = messageRecords(['a', 'b', 'c'].map((letter) => messageEvent(`${name}-${letter}`, 'sent')));
  const answer = await worker({ Records } as unknown as SQSEvent, { getRemainingTimeInMillis: () => 60_000 });
  return answer.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
}

test('the rest alone is written again, after pauses that grow', async () => {
  const id = 'dotdigital#some-b-sent';
  table.left.set(id, 5);
  expect(await work('some')).toEqual([]);
  expect(table.asked.slice(1).map(({ ids }) => ids)).toEqual(Array(5).fill([id]));
  const pauses = table.asked.slice(1).map(({ at }, n) => at - (table.asked[n]?.at ?? 0));
  // Each is at least half of 25 ms, doubled each time; a timer may be a millisecond early.
  for (const [n, pause] of pauses.entries()) expect(pause).toBeGreaterThan(12.5 * 2 ** n - 1);
});

test('what stays unwritten comes back by itself, and the others of its batch are done', async () => {
  table.left.set('dotdigital#rest-b-sent', Number.POSITIVE_INFINITY);
  expect(await work('rest')).toEqual(['m1']);
});
