/** `inlet events` goes on until its page is full: that may take long, so it says how far it is, and can be stopped. */
import { describe, expect, test } from '@jest/globals';
import type { Backend, EventFilters } from '../../../cli/backend.ts';
import { listEvents } from '../../../cli/events.ts';
import type { Output } from '../../../cli/output.ts';

const event = { source: 'shop', id: 'one', receivedAt: '2026-11-20T12:00:00.000Z', state: 'dead' };

/** A ledger of five pages, of which the second has the only match. */
const backend = {
  events: async ({ cursor = '0' }: EventFilters) => {
    const page = Number(cursor);
    return { events: page === 1 ? [event] : [], cursor: page === 4 ? null : String(page + 1) };
  },
} as unknown as Backend;

function terminal(isTTY = true) {
  const written: string[] = [];
  return { written, isTTY, columns: 80, write: (text: string) => written.push(text) };
}

function screen(human: boolean) {
  const lines: string[] = [];
  const output: Output = { human, json: false, width: 200, line: (text) => lines.push(text) };
  return { output, shown: () => lines.join('\n') };
}

describe('on a terminal', () => {
  test('says how far it is, and takes it away again', async () => {
    const { output, shown } = screen(true);
    const error = terminal();
    await listEvents(output, backend, { state: 'dead' }, error);
    expect(error.written.join('')).toContain(
      'Looking further back: 2 pages read, 1 of 50 found. Ctrl-C stops.',
    );
    expect(error.written.at(-1)).toBe('\r\u001b[K');
    expect(shown()).toContain('one');
  });

  test('says nothing where one page is enough', async () => {
    const error = terminal();
    const full = { events: async () => ({ events: [event], cursor: 'next' }) } as unknown as Backend;
    await listEvents(screen(true).output, full, { limit: '1' }, error);
    expect(error.written).toEqual([]);
  });

  test('stopped, it shows what it has found and how to go on, and does not wait for the page on its way', async () => {
    const { output, shown } = screen(true);
    const endless = {
      events: ({ cursor }: EventFilters) => {
        if (cursor === undefined) return Promise.resolve({ events: [event], cursor: 'second' });
        process.nextTick(() => process.emit('SIGINT'));
        return new Promise(() => {});
      },
    } as unknown as Backend;
    const listeners = process.listenerCount('SIGINT');
    const ended = listEvents(output, endless, {}, terminal());
    await expect(ended).rejects.toMatchObject({ exitCode: 130 });
    expect(shown()).toContain('one');
    expect(shown()).toContain('--cursor second');
    expect(process.listenerCount('SIGINT')).toBe(listeners);
  });
});

test.each([
  ['standard output is piped', false, true],
  ['standard error is', true, false],
])('says nothing when %s', async (_, human, isTTY) => {
  const error = terminal(isTTY);
  await listEvents(screen(human).output, backend, {}, error);
  expect(error.written).toEqual([]);
});
