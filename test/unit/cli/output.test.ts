import { describe, expect, test } from '@jest/globals';
import { audit } from '../../../cli/audit.ts';
import type { Backend } from '../../../cli/backend.ts';
import { showEvent } from '../../../cli/event.ts';
import { listEvents } from '../../../cli/events.ts';
import { type Output, prettyJson, printable } from '../../../cli/output.ts';
import { readTime } from '../../../cli/time.ts';
import { seededRandom, shuffled } from '../../../local/random.ts';

const event = {
  source: 'shop',
  id: '1',
  type: 'paid\u001b[31m',
  subject: null,
  revision: 1,
  tenant: null,
  state: 'applied',
  attempts: 1,
  receivedAt: '2026-11-20T12:00:00.000Z',
  settledAt: null,
  reason: null,
};
const counts = { accepted: 2, applied: 1, stale: 0, quarantined: 0, dead: 0, inFlight: 1, unconfirmed: 0 };

function screen() {
  const lines: string[] = [];
  const output: Output = { human: true, json: false, width: 200, line: (text) => lines.push(text) };
  return { output, shown: () => lines.join('\n') };
}

const backend = (parts: object) => parts as Backend;

describe('for people', () => {
  test('a list has a heading and tells how to go on', async () => {
    const { output, shown } = screen();
    const page = { events: [event], cursor: 'next' };
    await listEvents(output, backend({ events: async () => page }), { limit: '1' });
    expect(shown()).toMatch(/received\s+source\s+id/);
    expect(shown()).toContain('--cursor next');
    expect(shown()).toContain('paid\\u001b[31m');
  });

  test('an empty list says so', async () => {
    const { output, shown } = screen();
    await listEvents(output, backend({ events: async () => ({ events: [], cursor: null }) }), {});
    expect(shown()).toBe('No events match.');
  });

  test('a list that lacks events says why', async () => {
    const { output, shown } = screen();
    const note = 'This stage keeps no listing (economy: true).';
    await listEvents(output, backend({ events: async () => ({ events: [], cursor: null, note }) }), {});
    expect(shown()).toBe(`No events are listed.\n${note}`);
  });

  test('an audit without confirmations claims no more than it knows', async () => {
    const { output, shown } = screen();
    const total = { ...counts, unconfirmed: 3 };
    const withoutMessage = { count: 2, ids: [{ source: 'shop', id: 'a' }] };
    const report = { balanced: true, total, sources: { shop: total }, problems: [], withoutMessage };
    await audit(output, backend({ audit: async () => report }));
    expect(shown()).toContain('unconfirmed: in flight, never acknowledged, or lost');
    expect(shown()).toContain('At least 2 of them have no message: never acknowledged, or lost.');
    expect(shown()).toMatch(/^ {2}shop\/a$/m);
  });

  test('an audit is a table with its verdict and its problems', async () => {
    const { output, shown } = screen();
    const problems = [{ source: 'shop', id: '9', problem: 'no message' }];
    const report = { balanced: false, total: counts, sources: { shop: counts }, problems };
    await expect(audit(output, backend({ audit: async () => report }))).rejects.toMatchObject({
      exitCode: 1,
    });
    expect(shown()).toMatch(/shop\s+2\s+1\s+0\s+0\s+0\s+1\s+0/);
    expect(shown()).toContain('NOT balanced');
    expect(shown()).toMatch(/shop\s+9\s+no message/);
  });

  test('an event shows payload, headers and history, and no escape sequence of theirs', async () => {
    const { output, shown } = screen();
    const detail = {
      ...event,
      headers: { 'x-a': '\u001b]0;title\u0007' },
      payload: { long: 12345678901234567890n, list: [], text: 'a"{,' },
      history: [{ at: event.receivedAt, state: 'received' }],
      effects: [],
      batch: null,
      repeats: 0,
      deliveries: [],
    };
    await showEvent(output, backend({ event: async () => detail }), ['shop', '1']);
    expect(shown()).toContain('"long": 12345678901234567890,\n  "list": [],\n  "text": "a\\"{,"\n}');
    expect(shown()).not.toContain('\u001b]0');
  });
});

test('pretty JSON is JSON', () => {
  const value = { a: [1, { b: [] }, {}], 'c"': 'x: {y}, [z]', d: null };
  expect(JSON.parse(prettyJson(value))).toEqual(value);
  expect(prettyJson(value)).toBe(JSON.stringify(value, null, 2));
});

test('control characters are shown, not sent to the terminal', () => {
  expect(printable('a\u001b[0m\u0000\u009b\u202eb\nc')).toBe('a\\u001b[0m\\u0000\\u009b\\u202eb\nc');
});

test('times are read as ages or passed on', () => {
  expect(readTime('2h', 7_200_001)).toBe('1');
  expect(readTime('2026-11-20', 0)).toBe('2026-11-20');
  expect(readTime(undefined, 0)).toBeUndefined();
  expect(() => readTime('99999d', 1_000)).toThrow('longer ago');
});

test('the same seed gives the same order, and nothing is lost', () => {
  const items = Array.from({ length: 50 }, (_, n) => n);
  const once = shuffled(items, seededRandom(5));
  expect(shuffled(items, seededRandom(5))).toEqual(once);
  expect(once).not.toEqual(items);
  expect(once.toSorted((a, b) => a - b)).toEqual(items);
});
