import type { SQSRecord } from 'aws-lambda';
import { decodeEnvelope, encodeEnvelope } from '../../../functions/core/envelope.ts';
import { portionsOf } from '../../../functions/worker/portions.ts';

const envelope = { source: 's', kind: 'event', receivedAt: 1, headers: {}, subpath: '' } as const;
const record = (messageId: string, body: string) => ({ messageId, body }) as SQSRecord;
const small = (id: string) => record(id, encodeEnvelope({ ...envelope, id, body: 'e30=' }));
const parked = (id: string, bytes: number) => {
  const reference = { key: 'bodies/s/k', sha256: '', bytes };
  return record(id, encodeEnvelope({ ...envelope, id, reference }));
};
const idsOf = (records: readonly SQSRecord[]) =>
  portionsOf(records.map((it) => ({ record: it, envelope: decodeEnvelope(it.body) }))).map((portion) =>
    portion.map(({ record: { messageId } }) => messageId),
  );

test('a usual batch is one portion', () => {
  expect(idsOf(['a', 'b', 'c'].map(small))).toEqual([['a', 'b', 'c']]);
  expect(idsOf([])).toEqual([]);
});

test('large bodies are taken one after the other, in order, wherever they are', () => {
  const large = [
    parked('b', 5_600_000),
    parked('d', 5_600_000),
    record('e', encodeEnvelope({ ...envelope, id: 'e', body: 'x'.repeat(1_000_000) })),
  ];
  const [b, d, e] = large as [SQSRecord, SQSRecord, SQSRecord];
  expect(idsOf([small('a'), b, small('c'), d, e])).toEqual([['a', 'b', 'c'], ['d'], ['e']]);
});

test('one that is larger than a portion is a portion by itself', () => {
  expect(idsOf([parked('a', 7_000_000), small('b')])).toEqual([['a'], ['b']]);
});
