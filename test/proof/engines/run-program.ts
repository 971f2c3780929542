import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { listen } from '../../../local/listen.ts';
import { waitFor } from '../../helpers/wait-for.ts';
import type { DynamoEngine } from './engine.ts';

/** Java takes some seconds, on a busy machine many. */
const START_MS = 60_000;

/**
 * Starts a DynamoDB on a free port of the loopback interface, in a folder of its own, and waits until it answers. It
 * ends with `close`, or with this process, however that ends.
 * @param argumentsFor a port.
 * @throws Error with what the program wrote when it ends instead of answering.
 */
export async function runProgram(
  name: string,
  program: string,
  argumentsFor: (port: number) => readonly string[],
): Promise<DynamoEngine> {
  const port = await freePort();
  // DynamoDB Local leaves a file where it is started.
  const folder = mkdtempSync(join(tmpdir(), 'inlet-engine-'));
  const leash = join(import.meta.dirname, 'leash.ts');
  const child = spawn(process.execPath, [leash, program, ...argumentsFor(port)], {
    cwd: folder,
    env: { ...process.env, NODE_OPTIONS: '' },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const written: string[] = [];
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => void written.push(String(chunk)));
  let hasEnded = false;
  const ended = once(child, 'exit').then(() => {
    hasEnded = true;
    rmSync(folder, { recursive: true });
  });
  const close = () => {
    child.stdin.end();
    return ended;
  };
  const endpoint = `http://127.0.0.1:${port}`;
  const answers = () => hasEnded || fetch(endpoint).then(() => true);
  await waitFor(answers, { deadlineMs: START_MS, what: name, intervalMs: 50 }).catch(
    async (error: unknown) => {
      await close();
      throw error;
    },
  );
  if (hasEnded) throw new Error(`${name} ended instead of answering:\n${written.join('')}`);
  return { name, endpoint, close };
}

/**
 * A port below those that systems hand out by themselves (https://www.rfc-editor.org/rfc/rfc6335#section-6 and Linux's
 * 32768): between this look and the program's start another connection could be given one of those.
 */
async function freePort(): Promise<number> {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 12_000);
    const server = createServer();
    const isFree = await listen(server, port).then(
      () => true,
      () => false,
    );
    await new Promise((resolve) => server.close(resolve));
    if (isFree) return port;
  }
}
