/** S3 does not answer: an envelope too large for an item of the archive waits, and the rest of its batch is done. */
import { randomBytes } from 'node:crypto';
import type { SQSEvent } from 'aws-lambda';
import { createClients } from '../../../functions/aws/clients.ts';
import { decodeEnvelope, encodeEnvelope } from '../../../functions/core/envelope.ts';
import { composeIngest } from '../../../functions/ingest/compose.ts';
import { composeWorker } from '../../../functions/worker/compose.ts';
import { createContext } from '../../helpers/context.ts';
import { messageEvent, signDotdigital } from '../../helpers/sign.ts';
import { gatewayEvent } from './gateway-event.ts';
import { messageRecords } from './message-records.ts';

const { local, logged } = await createContext();
// Nobody listens on port 1, so that every call is refused at once.
const { s3 } = createClients({
  region: 'us-east-1',
  endpoints: { s3: 'http://127.0.0.1:1' },
  credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
});
const setup = { ...local.setup, s3 };
const { worker } = composeWorker(setup);

/** Ten events, one of them with so much noise that no compression makes it smaller. */
function ten(name: string, bytes: number) {
  const events = Array.from({ length: 10 }, (_, n) => messageEvent(`${name}-${n}`, 'sent'));
  const noise = randomBytes(bytes).toString('base64');
  return events.map((event, n) => (n === 4 ? { ...event, payload: { ...event.payload, noise } } : event));
}

/** @returns the messages that come back. */
async function work(Records: readonly unknown[]): Promise<readonly string[]> {
  const answer = await worker({ Records } as SQSEvent, { getRemainingTimeInMillis: () => 60_000 });
  return answer.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
}

test('of ten records only the one comes back whose envelope is too large for an item', async () => {
  expect(await work(messageRecords(ten('item', 450_000)))).toEqual(['m4']);
  const line = { message: 'not archived', records: 1, error: 'Error' };
  expect(logged).toContainEqual(expect.objectContaining(line));
});

test('of ten records only the one comes back whose body is in S3', async () => {
  const Records = messageRecords(ten('message', 0)).map((record, n) => {
    if (n !== 4) return record;
    const { body, ...envelope } = decodeEnvelope(record.body);
    const reference = { key: 'bodies/dotdigital/some', sha256: '', bytes: 1_000_000 };
    return { ...record, body: encodeEnvelope({ ...envelope, reference }) };
  });
  expect(await work(Records)).toEqual(['m4']);
});

test('the provider is asked to come again with what is too large for a message', async () => {
  const body = JSON.stringify(ten('request', 900_000)[4]);
  const answer = await composeIngest(setup)(gatewayEvent('dotdigital', body, signDotdigital(body)));
  expect(answer).toMatchObject({ statusCode: 503, headers: { 'inlet-outcome': 'unavailable' } });
});
