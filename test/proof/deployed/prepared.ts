import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SHARED_FOLDER } from '../../helpers/shared-folder.ts';
import { type SynthesizedStack, templateOf } from '../../helpers/template.ts';
import { waitFor } from '../../helpers/wait-for.ts';
import { prepare } from './prepare.ts';
import type { Deployment } from './site.ts';

interface Kept extends Omit<Deployment, 'template'> {
  readonly stack: SynthesizedStack;
}

/** What `prepare` makes, once for all test files of a run: it takes 15 s of a processor. */
export async function prepared(): Promise<Deployment> {
  const shared = process.env[SHARED_FOLDER];
  if (shared === undefined) throw new Error(`${SHARED_FOLDER} is not set: run it with npm run test:jest`);
  const folder = join(shared, 'deployed');
  const file = join(folder, 'deployment.json');
  if (isFirst(folder)) {
    const { template, ...rest } = prepare(join(folder, 'assets'));
    const { ofType: _, ...stack } = template;
    const kept: Kept = { stack, ...rest };
    // Written whole or not at all: others wait for it.
    writeFileSync(`${file}.part`, JSON.stringify(kept));
    renameSync(`${file}.part`, file);
  }
  await waitFor(() => existsSync(file), { deadlineMs: 110_000, what: 'the deployment of another test file' });
  const { stack, ...rest } = JSON.parse(readFileSync(file, 'utf8')) as Kept;
  return { template: templateOf(stack), ...rest };
}

function isFirst(folder: string): boolean {
  try {
    mkdirSync(folder);
    return true;
  } catch {
    return false;
  }
}
