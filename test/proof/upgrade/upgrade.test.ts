/**
 * Functions of two releases over the same tables and queues, both ways round, amid traffic: nothing lost, nothing
 * applied twice, nothing quarantined, no subject backwards. The stories are those of docs/upgrade.md.
 */
import { jest } from '@jest/globals';
import { FORMAT, type Format } from '../../../functions/core/format.ts';
import { deliver } from './callers.ts';
import { formatOf, handOver, receive } from './event-source.ts';
import { type Ground, prepareGround } from './ground.ts';
import { judge, type Verdict } from './judge.ts';
import { keptReleases, presentRelease, type Release, unpackRelease } from './kept-release.ts';
import { all, type Step, tell } from './story.ts';
import { type Request, traffic } from './traffic.ts';

jest.setTimeout(240_000);

/** In all. CI has a quarter of an hour for everything. */
const EVENTS = process.env.CI ? 450 : 2_000;

const fine: Verdict = {
  lost: [],
  twice: [],
  backwards: [],
  audits: [
    { balanced: true, quarantined: 0, dead: 0, inFlight: 0, unconfirmed: 0 },
    { balanced: true, quarantined: 0, dead: 0, inFlight: 0, unconfirmed: 0 },
  ],
  unreadable: [],
};

describe.each(keptReleases())('from %s and back', (release) => {
  let ground: Ground;
  let old: Release;
  /** This release: told to write as the one before, and by default. */
  let told: Release;
  let current: Release;
  beforeAll(async () => {
    ground = await prepareGround();
    old = unpackRelease(release, ground.folder);
    told = presentRelease('told', old.format as Format, ground.folder);
    current = presentRelease('current', FORMAT, ground.folder);
  });
  afterAll(() => ground?.close());

  const from = (step: Step, changes: Partial<Step>): Step => ({ ...step, ...changes });

  test('what the old ingest takes in the new worker processes', async () => {
    const { accepted } = await tell(
      ground,
      'forwards',
      [from(all(current), { ingest: [old] })],
      EVENTS * 0.15,
    );
    expect(await judge(ground, accepted, [old, current])).toEqual(fine);
  });

  test('what the new ingest takes in, told the format before, the old worker processes', async () => {
    const { accepted, tooNew } = await tell(
      ground,
      'told',
      [from(all(old), { ingest: [told] })],
      EVENTS * 0.15,
    );
    expect(tooNew).toBe(0);
    expect(await judge(ground, accepted, [old, current])).toEqual(fine);
  });

  test('the upgrade as it is described: told the format before, then without', async () => {
    const both = [old, told];
    const steps: Step[] = [
      all(old),
      from(all(old), { worker: both, 'dead-letters': both, console: both }),
      from(all(told), { ingest: both, worker: both }),
      all(told),
      from(all(current), { ingest: [told], worker: [told, current] }),
      all(told, current),
      all(current),
    ];
    const { accepted, tooNew } = await tell(ground, 'described', steps, EVENTS * 0.4);
    expect(tooNew).toBe(0);
    expect(await judge(ground, accepted, [old, current])).toEqual(fine);
  });

  test('the upgrade in one go: ingest is updated when nobody reads the old format only', async () => {
    const both = [old, current];
    const steps: Step[] = [
      all(old),
      from(all(old), { worker: both, 'dead-letters': both, console: both }),
      from(all(current), { ingest: both }),
      all(current),
    ];
    const { accepted } = await tell(ground, 'one-go', steps, EVENTS * 0.15);
    expect(await judge(ground, accepted, [old, current])).toEqual(fine);
  });

  test('one that failed half-way: messages come back until a new worker takes them', async () => {
    const both = [old, current];
    const steps = [all(old), from(all(old), { ingest: [current] }), all(...both), all(current)];
    const { accepted, tooNew } = await tell(ground, 'half-way', steps, EVENTS * 0.15);
    // A release that reads what is written now is handed nothing that it does not read.
    expect(tooNew > 0).toBe(old.reads < FORMAT);
    const { twice, ...others } = await judge(ground, accepted, [old, current]);
    expect({ ...others, twice: [] }).toEqual(fine);
    // Handlers of 0.1.0 ask the subject alone. What its ingest sends again they may run again, with one effect in the end.
    expect(twice.filter((id) => !id.startsWith('chargify#'))).toEqual([]);
  });

  /** Why the step with `storedFormat: 1` comes first. */
  test.each([
    ['told the format before, it runs once', () => told, 1],
    ['by default it runs once more', () => current, 2],
  ])('what the old ingest sends again to an old worker: %s', async (name, releaseOf, runs) => {
    const payment = traffic(name, 1).find(({ source }) => source === 'chargify');
    const [id = ''] = payment?.events ?? [];
    for (const release of [releaseOf(), old])
      await deliver(await ground.running(release, 'ingest'), payment as Request);
    const { sqs, queueUrls } = ground;
    const messages = await receive(sqs, queueUrls.inbox, 0);
    // Told the format before, ingest has confirmed its claim by then, and nothing is sent again.
    for (const [n, message] of messages.toSorted((one, other) => formatOf(other) - formatOf(one)).entries()) {
      const worker = await ground.running(n === 0 ? releaseOf() : old, 'worker');
      expect(await handOver(sqs, queueUrls.inbox, worker, [message])).toEqual([]);
    }
    expect(messages).toHaveLength(runs);
    expect(ground.door.effects.get(`chargify#${id}`)).toBe(runs);
  });

  test('the upgrade together with the economy mode, which reads and writes less', async () => {
    const economical = presentRelease('economical', FORMAT, ground.folder, { economy: true });
    // Lists and replays are asked of a console whose stage keeps what they need.
    const steps = [
      from(all(old), { ingest: [old, economical] }),
      from(all(economical), { console: [current] }),
    ];
    const { accepted } = await tell(ground, 'economy', steps, EVENTS * 0.075);
    const verdict = await judge(ground, accepted, [old, current]);
    // What the mode does not archive nobody can read.
    expect({ ...verdict, unreadable: [] }).toEqual(fine);
  });

  test('the way back: told the format before, drained, and the old release', async () => {
    const drained = [all(current), all(told, current), all(told)];
    const first = await tell(ground, 'back-one', drained, EVENTS * 0.075);
    const second = await tell(ground, 'back-two', [all(told, old), all(old)], EVENTS * 0.075);
    expect(first.tooNew + second.tooNew).toBe(0);
    const accepted = new Set([...first.accepted, ...second.accepted]);
    expect(await judge(ground, accepted, [old, current])).toEqual(fine);
  });
});
