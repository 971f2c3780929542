import type { InletConfig, SourceConfig } from '../../../functions/config/config.ts';
import { composeIngest } from '../../../functions/ingest/compose.ts';
import { composeWorker } from '../../../functions/worker/compose.ts';
import { checkHistory } from './checks.ts';
import type { Choices } from './choices.ts';
import { Deployment } from './deployment.ts';
import { EventSource } from './event-source.ts';
import { History } from './history.ts';
import type { Limits } from './moves.ts';
import { Operator } from './operator.ts';
import { Provider } from './provider.ts';
import { TimeToLive } from './time-to-live.ts';
import type { DeliverySpec, SourceName } from './topology.ts';
import type { World } from './world.ts';

/** A family of histories: who is there, and what may happen. */
export interface Scenario {
  readonly name: string;
  readonly kind: 'ingest' | 'worker' | 'both';
  readonly about: string;
  /** Deliveries accepted without trouble before the history begins. */
  readonly accepted?: readonly DeliverySpec[];
  /** Deliveries that providers send during the history, each in so many copies at once. */
  readonly delivered?: readonly { readonly spec: DeliverySpec; readonly copies: number }[];
  /** Worker invocations at the same time while things may go wrong; 0: only afterwards. */
  readonly workers: number;
  /** Everything on the queue goes into one invocation. */
  readonly batches?: boolean;
  /** So many events of a batch one invocation has time for. Default: all. */
  readonly timeFor?: number;
  /** How often the messages have been received before. */
  readonly receives?: number;
  /** What was accepted before has been worked off, too. */
  readonly workedOff?: boolean;
  /** Milliseconds that pass between what was accepted before and the history. */
  readonly later?: number;
  /** Who looks after one event: redrives it when it is dead, replays it, has its handler run again when it is applied, reclaims it. */
  readonly operator?: {
    readonly source: SourceName;
    readonly id: string;
    readonly redrives: number;
    readonly replays: number;
    readonly forces?: number;
    readonly reclaims?: number;
  };
  /** Whether a failed condition brings the item along, as DynamoDB does; the stand-in itself does not. */
  readonly readsBack?: boolean;
  /** What another configuration says of the sources, which may be deployed at any step. */
  readonly change?: Partial<Record<SourceName, SourceConfig>>;
  /** Whether its events are given up without a fault, or are at the beginning. */
  readonly mayGiveUp?: boolean;
  /** Every run of the handler fails. */
  readonly failing?: boolean;
  /**
   * Whether what expires may do so during the history, and DynamoDB delete it. `between`: only while no invocation is under
   * way, where what is looked at lives longer than any.
   */
  readonly expires?: boolean | 'between';
  readonly retentionDays?: number;
  readonly archive?: boolean;
  /** The worker's outcome is the confirmation. */
  readonly economy?: boolean;
  /** Brings the world into the state in which the history begins. */
  readonly prepare?: (world: World) => Promise<void>;
}

export interface Outcome {
  readonly choices: readonly number[];
  readonly faults: number;
  readonly steps: number;
  readonly violations: readonly string[];
  readonly trace: readonly string[];
}

/** Runs one history of a scenario and checks it. */
export async function runHistory(
  world: World,
  scenario: Scenario,
  choices: Choices,
  limits: Limits,
): Promise<Outcome> {
  await world.clear();
  world.sendsConflicts = !scenario.readsBack;
  const history = new History(world, choices, limits);
  const { archive = false, economy = false, retentionDays } = scenario;
  const kept = { archive, economy, ...(retentionDays !== undefined && { retentionDays }) };
  const setup = { ...world.setup, config: { ...world.setup.config, ...kept } };
  const functionsOf = (config: InletConfig) => ({
    ingest: composeIngest({ ...setup, config }),
    ...composeWorker(
      { ...setup, config },
      { effects: history.outside[scenario.failing ? 'failing' : 'handler'] },
    ),
  });
  let sources: InletConfig['sources'] = setup.config.sources;
  let deployed = functionsOf(setup.config);
  const ingest: typeof deployed.ingest = (event) => deployed.ingest(event);
  const worker: typeof deployed.worker = (...received) => deployed.worker(...received);
  const deadLetters: typeof deployed.deadLetters = (event) => deployed.deadLetters(event);
  const provider = (spec: DeliverySpec, index: number, copies: number) => {
    const made = new Provider(history, ingest, { name: `ingest-${index + 1}`, spec, copies });
    history.parties.push(made);
    return made;
  };

  const accepted = scenario.accepted ?? [];
  const before = accepted.map((spec, index) => provider(spec, index, 1));
  for (const one of before) {
    for (const start of one.starts(true)) await start.run();
    await history.runStarted();
    await one.observe();
  }
  if (scenario.workedOff)
    await history.workOff(
      new EventSource(history, { queue: 'inbox', process: worker, concurrency: 1, batches: false }),
    );
  if (scenario.prepare) await scenario.prepare(world);
  for (const message of world.queue('inbox').messages) {
    message.approximateReceiveCount = scenario.receives ?? 0;
  }
  world.clock.advanceTo(world.clock.now() + (scenario.later ?? 0));
  history.trace.length = 0;
  if (accepted.length > 0) history.trace.push(`— accepted before: ${accepted.map(nameOf).join(', ')} —`);

  const sent = (scenario.delivered ?? []).map(({ spec, copies }, index) =>
    provider(spec, accepted.length + index, copies),
  );
  const common = {
    concurrency: scenario.workers,
    batches: scenario.batches ?? false,
    timeFor: scenario.timeFor,
  };
  history.parties.push(
    new EventSource(history, { queue: 'inbox', process: worker, ...common }),
    new EventSource(history, { queue: 'deadLetters', process: deadLetters, ...common }),
  );
  if (scenario.operator) {
    const config = () => ({ ...world.setup.config, sources });
    history.parties.push(new Operator(history, scenario.operator, config));
  }
  const { change } = scenario;
  if (change) {
    const deploy = () => {
      sources = { ...setup.config.sources, ...change };
      deployed = functionsOf({ ...setup.config, sources });
    };
    history.parties.push(new Deployment(deploy));
  }
  if (scenario.expires) {
    const isBusy = () => scenario.expires === 'between' && history.actors.some(({ alive }) => alive);
    history.parties.push(new TimeToLive(world, isBusy));
  }
  await history.run();
  return {
    choices: choices.taken,
    faults: history.faults,
    steps: history.steps,
    violations: await checkHistory(world, history, [...before, ...sent], {
      isReconfigured: change !== undefined,
      // The prepared states, failing handlers and unreadable events are given up in the ordinary course.
      mayGiveUp: scenario.mayGiveUp ?? false,
    }),
    trace: history.trace,
  };
}

function nameOf({ source, events }: DeliverySpec): string {
  return `${source} ${events.map(({ id }) => id).join('+')}`;
}
