import { setTimeout as pause } from 'node:timers/promises';
import { httpBackend } from '../../../cli/http-backend.ts';
import type { EventId, Problem } from '../../../functions/api/types.ts';
import { GIVEN_UP } from '../../../functions/core/states.ts';
import { ledgerId } from '../../../functions/store/ledger/entry.ts';
import { seededRandom } from '../../../local/random.ts';
import { TOKEN } from './config.ts';
import { isRefusal } from './patiently.ts';
import type { Sent } from './senders.ts';
import type { PlannedEvent } from './webhooks.ts';

/** As often as they stand here. */
const ACTS = [
  'redrive',
  'redrive',
  'redrive',
  'redrive all',
  'replay',
  'replay',
  'replay',
  'replay many',
  'force',
  'force',
  'reclaim',
  'audit',
] as const;
type Act = (typeof ACTS)[number];

/** What was asked for beside the traffic. */
export interface Asked {
  /** Calls that were answered with success. */
  readonly done: Record<Act, number>;
  /** Answers that say no: there is no such event, or it cannot be done. */
  refused: number;
  /** Calls that failed: the process was killed, or DynamoDB, SQS or S3 did not answer. */
  failed: number;
  /** Events sent again by a redrive, and by a plain replay. */
  redriven: number;
  replayed: number;
  /** Forced runs asked for, also by calls that failed, by the event's ledger id. */
  readonly forced: Map<string, number>;
}

export interface Operator {
  readonly asked: Asked;
  /** Acts until it is told otherwise. */
  work(isOver: () => boolean): Promise<void>;
  /** Does again what failed, as somebody does who sees it. */
  finish(): Promise<void>;
}

/** These read whole tables, which takes longer the longer the soak is: somebody else does them. */
const READS_ALL: readonly Act[] = ['redrive all', 'audit'];

/** The events that an operator looks at: the last ones. */
const RECENT = 400;
/** How long an operator stays after the traffic, in milliseconds, until each kind of act has gone through once. */
const LONGER_MS = 20_000;

/**
 * Redrives, replays, forces and reclaims beside the traffic, through the calls of the command line.
 * @param restMs between two acts.
 */
export function createOperator(url: string, sent: Sent, seed: number, restMs: number): Operator {
  const backend = httpBackend(url, TOKEN);
  const random = seededRandom(seed + 1);
  const done = Object.fromEntries(ACTS.map((act) => [act, 0])) as Record<Act, number>;
  const asked: Asked = { done, refused: 0, failed: 0, redriven: 0, replayed: 0, forced: new Map() };
  const unfinished = new Map<string, Deed>();
  const pick = <T>(among: readonly T[]): T | undefined => among[Math.floor(random() * among.length)];

  /** What could not be sent may have been taken out of its state already. */
  const keepFailures = (failed: readonly Problem[]) => {
    for (const { source, id, problem } of failed) {
      if (!problem.startsWith('could not be sent')) continue;
      const deed = deedFor('redrive', { source, id });
      unfinished.set(deed.name, deed);
    }
  };
  const redrive =
    ({ source, id }: EventId) =>
    async () => {
      const { redriven, failed } = await backend.redrive({}, [`${source}/${id}`], false);
      asked.redriven += redriven;
      keepFailures(failed);
    };
  const redriveAll = async () => {
    let cursor: string | undefined;
    do {
      const page = await backend.redrive({ cursor }, undefined, false);
      asked.redriven += page.redriven;
      keepFailures(page.failed);
      cursor = page.cursor ?? undefined;
    } while (cursor !== undefined);
  };
  const calls: Readonly<Record<Act, (event: EventId) => Deed['call']>> = {
    redrive,
    'redrive all': () => redriveAll,
    replay:
      ({ source, id }) =>
      async () => {
        await backend.replay(source, id);
        asked.replayed++;
      },
    'replay many':
      ({ source }) =>
      async () => {
        const after = String(Date.now() - 3_000);
        const plain = { force: false, dryRun: false };
        const { replayed, failed } = await backend
          .replayMany({ source, after }, plain)
          .catch((error: unknown) => {
            // Without a listing those that were given up can be replayed, and no others.
            if (!isRefusal(error)) throw error;
            return backend.replayMany({ source, state: GIVEN_UP.join(',') }, plain);
          });
        asked.replayed += replayed;
        keepFailures(failed);
      },
    force:
      ({ source, id }) =>
      async () => {
        const entry = ledgerId(source, id);
        const before = asked.forced.get(entry) ?? 0;
        asked.forced.set(entry, before + 1);
        const { forced } = await backend.replay(source, id, { force: true, dryRun: false });
        if (forced) return;
        // Not applied yet, so that it needs no force and was given none.
        asked.forced.set(entry, before);
        return 'nothing done';
      },
    reclaim:
      ({ source, id }) =>
      async () =>
        void (await backend.reclaim(source, id)),
    audit: () => async () => void (await backend.audit()),
  };

  const deedFor = (act: Act, event: EventId = { source: '', id: '' }): Deed => ({
    act,
    name: `${act} ${event.source}/${event.id}`,
    call: calls[act](event),
  });
  const perform = async ({ act, name, call }: Deed) => {
    unfinished.delete(name);
    try {
      if ((await call()) !== 'nothing done') asked.done[act]++;
    } catch (error) {
      if (isRefusal(error)) return void asked.refused++;
      asked.failed++;
      // Those that a call for many has taken out of their state are found by the redrive of all.
      const again = act === 'replay many' ? deedFor('redrive all') : { act, name, call };
      if (act !== 'audit') unfinished.set(again.name, again);
    }
  };

  /** Does these acts until it is over and each kind has gone through once. */
  const shift = async (acts: readonly Act[], isOver: () => boolean) => {
    const lacking = () => acts.filter((act) => done[act] === 0);
    let last = Number.POSITIVE_INFINITY;
    while (performance.now() < last) {
      if (isOver()) {
        last = Math.min(last, performance.now() + LONGER_MS);
        if (lacking().length === 0) return;
      }
      const act = pick(lacking()) ?? pick(acts) ?? 'audit';
      const recent = [...sent.acknowledged.values()].slice(-RECENT);
      const event = pick(recent.filter((one) => isFor(act, one)));
      const started = performance.now();
      if (event) await perform(act === 'redrive all' ? deedFor(act) : deedFor(act, event));
      const took = performance.now() - started;
      const rest = restMs * (0.5 + random()) + (READS_ALL.includes(act) ? 4 * took : 0);
      const until = performance.now() + rest;
      while (performance.now() < until && !isOver()) await pause(20);
    }
  };

  return {
    asked,
    async work(isOver) {
      const acts = ACTS.filter((act) => !READS_ALL.includes(act));
      await Promise.all([shift(acts, isOver), shift(READS_ALL, isOver)]);
    },
    async finish() {
      for (const deed of [...unfinished.values()]) await perform(deed);
    },
  };
}

/** One call, by a name under which it is done again. */
interface Deed {
  readonly act: Act;
  readonly name: string;
  readonly call: () => Promise<unknown>;
}

/** Whether an act makes sense for an event. */
function isFor(act: Act, { source, does = 'ok', isForeign }: PlannedEvent): boolean {
  if (act === 'redrive') return isForeign === true || !['ok', 'fails:1', 'hangs:1'].includes(does);
  // What fails or hangs is in flight for longest.
  if (act === 'reclaim') return does !== 'ok';
  if (act === 'force') return ['chargify', 'orders', 'tasks'].includes(source) && does === 'ok';
  return true;
}
