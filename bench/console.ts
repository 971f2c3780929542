/**
 * Measures the console in a real Chromium against the local server: `npm run bench:console`. Figures depend on the
 * machine, so nothing is asserted; what should be met stands beside each.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import chromium from '@sparticuz/chromium';
import { type Page, chromium as playwright } from 'playwright-core';

const STORED = 10_000;
const LIVE = 5_000;
const SAMPLES = 200;
const CONCURRENCY = 8;

/** Notes when the row of each event is on the screen. */
const WATCH_ROWS = `
  window.seen = new Map();
  const look = () => {
    for (const row of document.querySelectorAll('tr[data-key]')) {
      if (!window.seen.has(row.dataset.key)) window.seen.set(row.dataset.key, Date.now());
    }
  };
  new MutationObserver(look).observe(document, { childList: true, subtree: true });
`;

const server = spawn(process.execPath, [`${import.meta.dirname}/console-server.ts`, String(STORED)], {
  stdio: ['ignore', 'pipe', 'inherit'],
});
const [line] = (await once(createInterface(server.stdout), 'line')) as [string];
const { url, token } = JSON.parse(line) as { url: string; token: string };
const browser = await playwright.launch({
  executablePath: await chromium.executablePath(),
  args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--enable-precise-memory-info'],
  headless: true,
});
try {
  await firstPaint();
  const page = await open();
  await filters(page);
  await latency(page);
  await memory(page);
} finally {
  await browser.close();
  server.kill('SIGTERM');
}

async function open(): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 860 } });
  const page = await context.newPage();
  await page.addInitScript(WATCH_ROWS);
  await page.goto(`${url}/console#token=${token}`);
  await page.locator('tr[data-key]').first().waitFor();
  return page;
}

async function firstPaint(): Promise<void> {
  const paints: number[] = [];
  const rows: number[] = [];
  for (let n = 0; n < 5; n++) {
    const page = await open();
    paints.push(await number(page, `performance.getEntriesByName('first-contentful-paint')[0].startTime`));
    rows.push(await number(page, `Math.min(...window.seen.values()) - performance.timeOrigin`));
    await page.context().close();
  }
  report(`first paint with ${STORED} stored (< 1,000 ms)`, paints);
  report('first rows on the screen', rows);
}

/** From the change of a field to the first frame in which every row matches. */
async function filters(page: Page): Promise<void> {
  await page.locator('.counter.applied strong').waitFor();
  await pause(3_000);
  const times: number[] = [];
  for (let n = 0; n < 10; n++) {
    for (const [label, value, column] of [
      ['Source', n % 2 ? 'tasks' : 'orders', 2],
      ['State', n % 2 ? 'stale' : 'dead', 1],
      ['State', '', 1],
      ['Source', '', 2],
    ] as const) {
      times.push(
        await number(
          page,
          `(async () => {
            const select = [...document.querySelectorAll('.filters select')][${label === 'Source' ? 0 : 1}];
            const started = performance.now();
            select.value = '${value}';
            select.dispatchEvent(new Event('change', { bubbles: true }));
            for (;;) {
              await new Promise(requestAnimationFrame);
              const cells = [...document.querySelectorAll('tr[data-key] td:nth-child(${column})')];
              if (cells.length > 0 && cells.every((cell) => '${value}' === '' || cell.textContent === '${value}')) break;
            }
            return performance.now() - started;
          })()`,
        ),
      );
      await pause(300);
    }
  }
  report('filter (< 300 ms)', times);
}

/** From the acknowledgement of an event to its row. */
async function latency(page: Page): Promise<void> {
  const acknowledged = new Map<string, number>();
  for (let n = 0; n < SAMPLES; n++) {
    acknowledged.set(await send('latency', n), Date.now());
    // Not in step with the page's questions.
    await pause(60 + Math.random() * 80);
  }
  await pause(2_000);
  const seen = new Map((await page.evaluate('[...window.seen]')) as [string, number][]);
  const waits = [...acknowledged].map(([key, at]) => (seen.get(key) ?? Number.POSITIVE_INFINITY) - at);
  report(`acknowledgement to row over ${SAMPLES} events (< 1,000 ms after settling)`, waits);
}

async function memory(page: Page): Promise<void> {
  const used: number[] = [await heap(page)];
  const started = performance.now();
  for (let n = 0; n < LIVE; ) {
    const batch = Array.from({ length: CONCURRENCY }, () => send('memory', n++));
    await Promise.all(batch);
    if (n % 1_000 === 0) used.push(await heap(page));
  }
  await pause(2_000);
  used.push(await heap(page));
  const rate = Math.round(LIVE / ((performance.now() - started) / 1000));
  const shown = await number(page, `document.querySelectorAll('tr[data-key]').length`);
  console.log(
    `heap over ${LIVE} live events (${rate}/s), MB: ${used.map(megabytes).join(' ')}; rows: ${shown}`,
  );
}

async function heap(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await page.evaluate('window.seen.clear()');
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  await session.detach();
  return usedSize;
}

/** @returns the key of the event's row. */
async function send(batchid: string, id: number): Promise<string> {
  const priority = ['Low', 'Moderate', 'Major', 'Critical'][id % 4];
  const response = await fetch(`${url}/webhooks/tasks`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ batchid, id, owner: 'Ada', priority }),
  });
  await response.arrayBuffer();
  if (!response.ok) throw new Error(`${response.status} for ${batchid}:${id}`);
  return `tasks/${batchid}:${id}`;
}

async function number(page: Page, script: string): Promise<number> {
  return Number(await page.evaluate(script));
}

function report(what: string, values: number[]): void {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number) => Math.round(sorted[Math.floor(share * (sorted.length - 1))] ?? 0);
  console.log(`${what}: median ${at(0.5)} ms, p95 ${at(0.95)} ms, max ${at(1)} ms (n = ${values.length})`);
}

function megabytes(bytes: number): string {
  return (bytes / 1024 ** 2).toFixed(1);
}
