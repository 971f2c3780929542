/** `inlet send --rate`, and the bar that shows how far it is. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { createProgress } from '../../../cli/progress.ts';
import { inlet } from './command.ts';

let server: Server;
const arrivals: number[] = [];
beforeAll(async () => {
  server = createServer((request, response) => {
    arrivals.push(performance.now());
    // The first answer takes longer than the time between two requests: the next ones catch up.
    request.resume().on('end', () => setTimeout(() => response.end(), arrivals.length === 1 ? 180 : 0));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(() => {
  server.close();
  server.closeAllConnections();
});

test('sends at the rate, catches up after a slow answer, and draws nothing when piped', async () => {
  const { port } = server.address() as AddressInfo;
  const { code, out, err } = await inlet([
    ...['send', 'tasks', '--count', '12', '--rate', '10'],
    ...['--url', `http://127.0.0.1:${port}`, '--secret', 'any-secret-will-do-here'],
  ]);
  expect([code, err]).toEqual([0, '']);
  expect(out.trim().split('\n')).toHaveLength(12);
  // The last is due after 1.1 s. The first may have been late itself, and the computer may be busy.
  const took = (arrivals.at(-1) ?? 0) - (arrivals[0] ?? 0);
  expect(took).toBeGreaterThan(700);
  expect(took).toBeLessThan(4_000);
});

test('the bar tells what is done and how long it takes, and goes away', () => {
  let drawn = '';
  let now = 0;
  const write = (text: string) => {
    drawn += text;
    return true;
  };
  const progress = createProgress(100, true, { isTTY: true, columns: 80, write }, () => now);
  now = 25_000;
  progress.show(25);
  expect(drawn).toBe(`\r\u001b[K${'█'.repeat(6)}${'░'.repeat(18)} 25/100, 1 min 15 s left`);
  drawn = '';
  progress.clear();
  expect(drawn).toBe('\r\u001b[K');
});

test.each([
  ['a pipe', 100, false, true],
  ['a log file', 100, true, false],
  ['short work', 3, true, true],
])('there is no bar for %s', (_, total, human, isTTY) => {
  const write = jest.fn(() => true);
  const progress = createProgress(total, human, { isTTY, columns: 80, write });
  progress.show(1);
  progress.clear();
  expect(write).not.toHaveBeenCalled();
});
