/** A drill that ends in its middle leaves nothing behind, or what `--undo` puts back. The command runs in a process. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { putForeign } from '../../../../cli/drill/foreign.ts';
import { depthOf } from '../../../../cli/drill/search.ts';
import { waitFor } from '../../../helpers/wait-for.ts';
import { prepared } from '../prepared.ts';
import { HURRY } from './hurry.ts';
import { type Simulation, simulate } from './simulation.ts';

let simulation: Simulation;

beforeAll(async () => {
  simulation = await simulate(await prepared());
}, 120_000);
afterAll(async () => {
  await simulation.close();
});

const HURRIED = join(import.meta.dirname, 'hurried.ts');

/** Runs `inlet drill` in a process, in a hurry, until it ends. `isStill`: no event source works meanwhile. */
function drill(what = '', { isStill = false } = {}) {
  const child = spawn(process.execPath, [HURRIED, what], {
    env: { PATH: process.env.PATH, ...simulation.environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  // Nothing once nobody reads any more.
  const read = (stream: Readable) => text(stream).catch(() => '');
  const output = Promise.all([read(child.stdout), read(child.stderr)]);
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  /** Lets the event sources work until something is so. What is hidden comes out as much sooner as the drill is in a hurry. */
  const until = (what: string, isSo: () => boolean) => {
    let before = performance.now();
    return waitFor(
      async () => {
        const now = performance.now();
        simulation.pass((now - before) * (HURRY - 1));
        before = now;
        if (!isStill) await simulation.step();
        return isSo();
      },
      { deadlineMs: 300_000, what },
    );
  };
  return {
    hangUp: () => {
      child.stdout.destroy();
      child.stderr.destroy();
    },
    kill: (signal: NodeJS.Signals) => child.kill(signal),
    until,
    result: async () => {
      await until('the end of the command', () => child.exitCode !== null || child.signalCode !== null);
      const [[out, err], code] = await Promise.all([output, ended]);
      return { out, err, code };
    },
  };
}

const inbox = () => simulation.lambda.mappings.find(({ queueId }) => queueId === 'InboxQueue');
const ingest = () => [...simulation.lambda.concurrency.values()];

test('what was killed is found by the next run, and put back by --undo', async () => {
  const killed = drill('alarms');
  await killed.until('the event source is off', () => inbox()?.isOn === false);
  killed.kill('SIGKILL');
  await killed.result();
  const queue = simulation.cloud.created.get('InboxQueue')?.ref ?? '';
  await putForeign(simulation.cloud, queue, 3);
  const [ingestName = ''] = simulation.lambda.mappings.map(({ functionName }) => functionName);
  simulation.lambda.concurrency.set(ingestName, 0);

  const next = await drill().result();
  expect(next.code).toBe(2);
  expect(next.err).toContain('the event source of the inbox is off');
  expect(next.err).toContain('is 0');
  expect(next.err).toContain('inlet drill --undo --stage dev');
  expect(inbox()?.isOn).toBe(false);

  const undone = await drill('undo').result();
  expect([undone.err, undone.code]).toEqual(['', 0]);
  const { putBack } = JSON.parse(undone.out);
  expect(putBack).toContainEqual(expect.stringMatching(/^\d+ foreign message\(s\) taken off the inbox$/));
  expect(putBack).toContain('the event source of the inbox is on');
  expect(simulation.lambda.mappings.map(({ isOn }) => isOn)).toEqual([true, true]);
  expect(ingest()).toEqual([]);
  expect((await depthOf(simulation.cloud, queue)).all).toBe(0);
  expect(JSON.parse((await drill('undo').result()).out)).toEqual({ putBack: [], leftAlone: [] });
}, 400_000);

test('a queue whose event source is on is left alone, unless that is asked for', async () => {
  const queue = simulation.cloud.created.get('InboxQueue')?.ref ?? '';
  await putForeign(simulation.cloud, queue, 1);
  const undone = JSON.parse((await drill('undo', { isStill: true }).result()).out);
  expect(undone).toEqual({
    putBack: [],
    leftAlone: ['the inbox: 1 message(s), and its event source is on'],
  });
  const thorough = JSON.parse((await drill('queues', { isStill: true }).result()).out);
  expect(thorough.putBack).toEqual(['1 foreign message(s) taken off the inbox']);
  expect(inbox()?.isOn).toBe(true);
}, 200_000);

test.each(['SIGINT', 'SIGHUP'] as const)(
  '%s puts everything back at once',
  async (signal) => {
    const running = drill('alarms');
    await running.until('a function is throttled', () => ingest().includes(0));
    // A terminal that is closed takes its output along.
    if (signal === 'SIGHUP') running.hangUp();
    running.kill(signal);
    // As npm does, which passes on what the terminal has sent already.
    running.kill(signal);
    const { code, err } = await running.result();
    if (signal === 'SIGINT') expect(err).toContain('Interrupted: puts everything back.');
    expect(err).not.toContain('NOT PUT BACK');
    expect(code).toBe(1);
    expect(simulation.lambda.mappings.map(({ isOn }) => isOn)).toEqual([true, true]);
    expect(ingest()).toEqual([]);
  },
  400_000,
);
