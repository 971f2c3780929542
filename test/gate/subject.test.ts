import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import {
  appliedAttributes,
  compareRevisions,
  forcedRefusal,
  type GatedEvent,
  refusal,
  subjectId,
  updateExpression,
} from '../../functions/gate/subject.ts';
import type { EventFacts } from '../../functions/parsing/describe.ts';
import { decompress } from '../../functions/shared/compress.ts';

const event = (more: Partial<EventFacts> = {}): GatedEvent => ({
  source: 'test',
  facts: {
    id: 'e1',
    type: 'thing.changed',
    subject: 's',
    revision: '5',
    state: 'open',
    deleted: false,
    tenant: 'north',
    quarantine: undefined,
    payload: { a: 1 },
    ...more,
  },
});

describe('compareRevisions', () => {
  test('is the order of whole numbers of any length', () => {
    fc.assert(
      fc.property(fc.bigInt(), fc.bigInt(), (a, b) => {
        expect(compareRevisions(String(a), String(b))).toBe(a < b ? -1 : a > b ? 1 : 0);
      }),
    );
  });

  test('is the order of decimals', () => {
    const part = fc.nat({ max: 99_999 });
    fc.assert(
      fc.property(part, part, part, part, (a, b, c, d) => {
        const [left, right] = [`${a}.${b}`, `${c}.${d}`];
        const scaled = (text: string) => Math.round(Number(text) * 1e5);
        expect(compareRevisions(left, right)).toBe(Math.sign(scaled(left) - scaled(right)));
      }),
    );
  });

  test.each([
    ['1', '1.0', 0],
    ['1.5', '1.25', 1],
    ['0.1', '0.09', 1],
    ['-1', '1', -1],
    ['-2.5', '-2.4', -1],
    ['1e3', '1000', 0],
    ['1E+3', '999', 1],
    ['1.2345e2', '123.45', 0],
    ['1.5e3', '1500', 0],
    ['5e-1', '0.5', 0],
    ['125e-2', '1.25', 0],
    ['1.25e-3', '0.00125', 0],
    ['-1.5e1', '-15', 0],
    ['1.2E+20', '120000000000000000001', -1],
    ['.5', '0.5', 0],
    ['1e-12', '0.000000000001', 0],
    ['1e15', '1000000000000000', 0],
  ])('%s against %s: %i', (a, b, order) => {
    expect(compareRevisions(a, b)).toBe(order);
    expect(compareRevisions(b, a)).toBe(0 - order);
  });
});

describe('refusal', () => {
  const subject = (revision: string, eventId: string, leaseUntil?: string) => ({
    revision: { N: revision },
    eventId: { S: eventId },
    ...(leaseUntil !== undefined && { leaseUntil: { N: leaseUntil } }),
  });

  test.each([
    ['gone', undefined, { outcome: 'busy', until: 0 }],
    ['our own event', subject('5', 'e1'), { outcome: 'repeat' }],
    ['the same revision of another', subject('5', 'e2'), { outcome: 'stale', revision: '5' }],
    ['newer', subject('6', 'e2'), { outcome: 'stale', revision: '6' }],
    ['older and held', subject('4', 'e2', '77'), { outcome: 'busy', until: 77 }],
    ['held for the first time', { leaseUntil: { N: '77' } }, { outcome: 'busy', until: 77 }],
    ['free meanwhile', subject('4', 'e2'), { outcome: 'busy', until: 0 }],
  ] as const)('%s', (_, item, expected) => {
    expect(refusal(event(), item)).toEqual(expected);
  });

  test.each([
    ['gone', undefined, { outcome: 'stale', revision: 'none' }],
    ['never applied', { leaseUntil: { N: '77' } }, { outcome: 'stale', revision: 'none' }],
    ['newer', subject('6', 'e2'), { outcome: 'stale', revision: '6' }],
    ['of another event', subject('5', 'e2'), { outcome: 'stale', revision: '5' }],
    ['ours with another revision', subject('4', 'e1'), { outcome: 'stale', revision: '4' }],
    ['ours and held', subject('5', 'e1', '77'), { outcome: 'busy', until: 77 }],
    ['ours and free meanwhile', subject('5', 'e1'), { outcome: 'busy', until: 0 }],
    ['ours and done', { ...subject('5', 'e1', '77'), forcedBy: { S: 'f' } }, { outcome: 'repeat' }],
    ['newer but done', { ...subject('6', 'e2'), forcedBy: { S: 'f' } }, { outcome: 'repeat' }],
    [
      'done by another request',
      { ...subject('6', 'e2'), forcedBy: { S: 'g' } },
      { outcome: 'stale', revision: '6' },
    ],
  ] as const)('of a forced run: %s', (_, item, expected) => {
    expect(forcedRefusal(event(), 'f', item)).toEqual(expected);
  });
});

describe('what is written', () => {
  test('all that is known, the payload compressed', () => {
    const { set, remove } = appliedAttributes(event(), 9, undefined);
    const { payload, ...rest } = set;
    expect(rest).toEqual({
      revision: { N: '5' },
      eventId: { S: 'e1' },
      state: { S: 'open' },
      updatedAt: { N: '9' },
      format: { N: '2' },
      type: { S: 'thing.changed' },
      tenant: { S: 'north' },
    });
    expect(payload?.B && decompress(payload.B)).toBe('{"a":1}');
    expect(remove).toEqual(['payloadIn']);
  });

  test('what the event does not have is removed; an end of its time is kept', () => {
    const { set, remove } = appliedAttributes(
      event({ type: undefined, tenant: undefined, deleted: true }),
      9,
      33,
    );
    expect(remove).toEqual(['type', 'tenant', 'payload', 'payloadIn']);
    expect(set).toMatchObject({ expiresAt: { N: '33' } });
  });

  test('in the format before nothing says so, and what a newer writer had said goes', () => {
    const { set, remove } = appliedAttributes(event(), 9, undefined, 1);
    expect(set).not.toHaveProperty('format');
    expect(remove).toEqual(['payloadIn', 'format']);
  });

  test('a payload that fits into no item is read from the archive; none at all is null', () => {
    const large = appliedAttributes(
      event({ payload: randomBytes(400_000).toString('base64') }),
      9,
      undefined,
    );
    expect([large.remove, large.set.payloadIn]).toEqual([['payload'], { S: 'archive' }]);
    const fits = randomBytes(250_000).toString('base64');
    expect(appliedAttributes(event({ payload: fits }), 9, undefined).remove).toEqual(['payloadIn']);
    const { payload } = appliedAttributes(event({ payload: undefined }), 9, undefined).set;
    expect(payload?.B && decompress(payload.B)).toBe('null');
  });

  test('names and values of an update stand behind placeholders', () => {
    expect(updateExpression({ a: { S: '1' }, b: { N: '2' } }, ['c', 'd'])).toEqual({
      UpdateExpression: 'SET #a = :a, #b = :b REMOVE #c, #d',
      ExpressionAttributeNames: { '#a': 'a', '#b': 'b', '#c': 'c', '#d': 'd' },
      ExpressionAttributeValues: { ':a': { S: '1' }, ':b': { N: '2' } },
    });
    expect(updateExpression({ a: { S: '1' } }, []).UpdateExpression).toBe('SET #a = :a');
  });

  test('a subject is known by source and name', () => {
    expect(subjectId(event())).toBe('test#s');
  });
});
