import { mkdirSync } from 'node:fs';
import { mkdir, open, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, afterEach } from '@jest/globals';
import chromium from '@sparticuz/chromium';
import { type Browser, type BrowserContextOptions, type Page, chromium as playwright } from 'playwright-core';
import { waitFor } from '../helpers/wait-for.ts';

/**
 * Not the package's own: those are for Lambda, run everything in one process, which ends with the first context, and
 * switch off the very security that the tests look at. No sandbox, because containers allow none.
 */
const ARGUMENTS = ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'];

const screenshots = resolve(import.meta.dirname, '../../screenshots');

export interface OpenBrowser {
  /** A page of its own, as a person with nothing stored would open it. Mistakes of the page fail the test. */
  newPage(options?: BrowserContextOptions): Promise<Page>;
  /** Writes what is on the screen to `screenshots/`, which git ignores. */
  shoot(page: Page, name: string): Promise<void>;
  /** What pages have complained about: script errors, refused resources. */
  readonly complaints: string[];
}

/** One real Chromium for a test file, out of the npm package: nothing of the system is needed. */
export async function openBrowser(): Promise<OpenBrowser> {
  const executablePath = await unpacked();
  const browser: Browser = await playwright.launch({ executablePath, args: ARGUMENTS, headless: true });
  afterAll(() => browser.close());
  // A page that nobody looks at goes on asking for news.
  afterEach(async () => void (await Promise.all(browser.contexts().map((context) => context.close()))));
  mkdirSync(screenshots, { recursive: true });
  const complaints: string[] = [];
  return {
    complaints,
    async newPage(options = {}) {
      const context = await browser.newContext({ viewport: { width: 1280, height: 860 }, ...options });
      const page = await context.newPage();
      page.setDefaultTimeout(10_000);
      // The first of a file waits until the console is bundled.
      page.setDefaultNavigationTimeout(25_000);
      page.on('pageerror', (error) => complaints.push(error.message));
      page.on('console', (message) => {
        // The browser reports every answer of 400 and more, also those that a test is after.
        if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) {
          complaints.push(message.text());
        }
      });
      return page;
    },
    shoot: async (page, name) => void (await page.screenshot({ path: join(screenshots, `${name}.png`) })),
  };
}

/** The package unpacks Chromium into the temporary folder; two test files at once would unpack over each other. */
async function unpacked(): Promise<string> {
  const lock = join(tmpdir(), 'inlet-chromium.lock');
  await mkdir(tmpdir(), { recursive: true });
  await waitFor(() => acquire(lock), { deadlineMs: 60_000, what: 'the lock of another test file' });
  try {
    return await chromium.executablePath();
  } finally {
    await rm(lock, { force: true });
  }
}

/** A lock older than a minute was left behind by a process that was killed. */
const STALE_MS = 60_000;

async function acquire(lock: string): Promise<boolean> {
  try {
    await (await open(lock, 'wx')).close();
    return true;
  } catch {
    const { mtimeMs } = await stat(lock).catch(() => ({ mtimeMs: Date.now() }));
    if (Date.now() - mtimeMs > STALE_MS) await rm(lock, { force: true });
    return false;
  }
}
