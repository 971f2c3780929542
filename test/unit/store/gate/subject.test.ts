import { randomBytes } from 'node:crypto';
import type { EventFacts } from '../../../../functions/core/facts.ts';
import { decompress } from '../../../../functions/store/compress.ts';
import {
  appliedAttributes,
  type GatedEvent,
  subjectId,
  updateExpression,
} from '../../../../functions/store/gate/subject.ts';

const event = (more: Partial<EventFacts> = {}): GatedEvent => ({
  source: 'test',
  facts: {
    id: 'e1',
    type: 'thing.changed',
    subject: 's',
    revision: '5',
    state: 'open',
    deleted: false,
    ordered: true,
    gate: 'subject' as const,
    tenant: 'north',
    quarantine: undefined,
    payload: { a: 1 },
    ...more,
  },
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
    expect(remove).toEqual(['payloadIn', 'expiresAt']);
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
    expect(remove).toEqual(['payloadIn', 'format', 'expiresAt']);
  });

  test('a payload that fits into no item is read from the archive; none at all is null', () => {
    const large = appliedAttributes(
      event({ payload: randomBytes(400_000).toString('base64') }),
      9,
      undefined,
    );
    expect([large.remove, large.set.payloadIn]).toEqual([['payload', 'expiresAt'], { S: 'archive' }]);
    const fits = randomBytes(250_000).toString('base64');
    expect(appliedAttributes(event({ payload: fits }), 9, undefined).remove).toEqual([
      'payloadIn',
      'expiresAt',
    ]);
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
