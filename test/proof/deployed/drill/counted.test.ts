/** What ingest has counted is independent evidence: an entry that is deleted is missed, and nothing else ever is. */
import { DeleteItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { audit } from '../../../../cli/audit.ts';
import type { CountedReport } from '../../../../cli/compare-counted.ts';
import { findSpeakers, Sender } from '../../../../cli/drill/sender.ts';
import { type DrillStage, openStage } from '../../../../cli/drill/stage.ts';
import { floorHour } from '../../../../functions/api/kept.ts';
import { ledgerId } from '../../../../functions/store/ledger/entry.ts';
import { type Draft, drafts } from '../../../../local/samples.ts';
import config from '../../../fixtures/inlet.config.ts';
import type { Fault } from '../door.ts';
import { prepared } from '../prepared.ts';
import { FORM, JSON_TYPE } from '../site.ts';
import { type Simulation, simulate } from './simulation.ts';

const HOUR = 3_600_000;
const before = { ...process.env };
let simulation: Simulation;
let stage: DrillStage;
let send: (source: string, draft: Draft) => Promise<string | null>;

beforeAll(async () => {
  simulation = await simulate(await prepared());
  Object.assign(process.env, simulation.environment);
  stage = await openStage('dev', config);
  const sender = new Sender(stage, simulation.pace);
  const { speakers } = await findSpeakers(stage, true);
  send = async (source, draft) => {
    const speaker = speakers.find((one) => one.source.name === source);
    if (!speaker) throw new Error(`nobody speaks for ${source}`);
    return (await sender.send({ speaker, draft, purpose: 'test', expected: undefined })).outcome;
  };
  for (const { source } of speakers) {
    const samples = drafts(source.provider, { count: 4, repeat: 2, shuffle: true, seed: 3 });
    for (const draft of samples) await send(source.name, draft);
  }
}, 180_000);
afterAll(async () => {
  stage.close();
  await simulation.close();
  process.env = before;
});

const draft = (text: string, headers: Draft['headers'] = JSON_TYPE): Draft => ({
  type: '',
  subpath: '',
  headers,
  body: Buffer.from(text),
});
const task = (id: string) => draft(JSON.stringify({ batchid: 'counted', id, owner: 'Ada' }));
const messages = (...ids: string[]) =>
  draft(JSON.stringify(ids.map((eventId) => ({ eventId, payload: {} }))));

async function during(fault: Fault, run: () => Promise<unknown>): Promise<void> {
  const door = simulation.functions.find(({ role }) => role === 'Ingest')?.door;
  door?.breakDown(fault);
  await run();
  door?.breakDown(undefined);
}

const lines: string[] = [];

/** Leaves what was printed in `lines`. */
async function compare(): Promise<CountedReport> {
  lines.length = 0;
  const output = { human: false, json: true, width: 200, line: (text: string) => void lines.push(text) };
  await audit(output, stage.backend, 3);
  return JSON.parse(lines.join('')).counted;
}

test('whatever traffic does, there is an entry for each that was counted, and the other way round', async () => {
  const outcomes = await Promise.all(Array.from({ length: 4 }, () => send('tasks', task('at once'))));
  expect(outcomes).toContain('accepted');
  await send('dotdigital', messages('counted-1', 'counted-2'));
  await send('dotdigital', messages());
  await send('tasks', draft('{'));
  // Claimed and refused; the provider comes again.
  await during(
    ({ action }) => action === 'sqs:SendMessage',
    async () => {
      expect(await send('tasks', task('refused'))).toBe('unavailable');
      expect(await send('tasks', task('refused'))).toBe('unavailable');
      // Of another source than what is accepted twice below, which would make up for it.
      expect(await send('dotdigital', messages('never again'))).toBe('unavailable');
    },
  );
  expect(await send('tasks', task('refused'))).toBe('accepted');
  // Accepted and not confirmed, so that the repeat is accepted as well.
  await during(
    ({ action }) => action === 'dynamodb:UpdateItem',
    async () => {
      expect(await send('tasks', task('unconfirmed'))).toBe('accepted');
      expect(await send('dotdigital', messages())).not.toBe('unavailable');
    },
  );
  expect(await send('tasks', task('unconfirmed'))).toBe('accepted');
  // Given up by its handler, and applied again by a redrive.
  await send('chargify', draft('id=77&event=payment_success&payload[site][id]=1', FORM));
  await simulation.step();
  expect(await stage.backend.redrive({ state: 'dead' }, undefined, false)).toMatchObject({ redriven: 1 });
  await simulation.pace.pause(1.5 * HOUR);
  const report = await compare();
  expect(report).toMatchObject({ lost: [], uncounted: [] });
  expect(report.counted).toBe(report.kept);
  expect(report.counted).toBeGreaterThan(20);
}, 120_000);

test('an entry that somebody deletes leaves the audit balanced, and is named by source and hour', async () => {
  const TableName = simulation.cloud.created.get('LedgerTable')?.ref;
  const { events } = await stage.backend.events({ source: 'tasks', state: 'applied' });
  const [event] = events;
  const Key = { id: { S: ledgerId('tasks', event?.id ?? '') } };
  await simulation.cloud.dynamodb.send(new DeleteItemCommand({ TableName, Key }));
  expect(await stage.backend.audit()).toMatchObject({ balanced: true, problems: [] });
  // Where the test itself runs over a full hour, what is missing may count in the next.
  const hours = [0, HOUR].map((more) =>
    new Date(floorHour(Date.parse(event?.receivedAt ?? '')) + more).toISOString(),
  );
  await expect(compare()).rejects.toMatchObject({
    exitCode: 1,
    message: expect.stringMatching(`lost 1 of tasks in the hour from (?:${hours.join('|')})`),
  });
  // Its line in the log says which it was.
  expect(JSON.parse(lines.join('')).counted.ids).toEqual([{ source: 'tasks', id: event?.id }]);
}, 60_000);

test('it names what is gone also where the lines may not be read', async () => {
  const backend = { ...stage.backend, nameLost: () => Promise.reject(new Error('not allowed')) };
  const output = { human: false, json: true, width: 200, line: () => {} };
  await expect(audit(output, backend, 3)).rejects.toMatchObject({ exitCode: 1 });
});

test('without any count it does not say that nothing is gone', async () => {
  const backend = {
    ...stage.backend,
    counted: async (hours: number) => ({ ...(await stage.backend.counted(hours)), sources: {} }),
  };
  const output = { human: false, json: true, width: 200, line: () => {} };
  await expect(audit(output, backend, 3)).rejects.toMatchObject({
    exitCode: 2,
    message: expect.stringContaining('Nothing to compare with'),
  });
});
