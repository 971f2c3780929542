import type { Page } from 'playwright-core';
import type { LocalInlet } from '../../local/stack.ts';

/** Opens a page of the console with the token, and waits until it stands. `path`: what follows `/console`. */
export async function openConsole(local: LocalInlet, page: Page, path = ''): Promise<Page> {
  await page.goto(`${local.url}/console${path}#token=${local.token}`);
  await page.getByRole('navigation').waitFor();
  return page;
}
