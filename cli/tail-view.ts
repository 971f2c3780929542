import type { EventSummary } from '../functions/api/types.ts';
import { EVENT_STATES, IN_FLIGHT, isOneOf, OUTCOMES } from '../functions/core/states.ts';
import { CliError } from './cli-error.ts';
import { type Output, printable } from './output.ts';
import { blue, green, red, yellow } from './table.ts';

export interface TailFilter {
  readonly source?: string | undefined;
  readonly state?: string | undefined;
  readonly type?: string | undefined;
  readonly id?: string | undefined;
  readonly count?: number | undefined;
}

/** The feed takes no more. */
const MAX_WATCHED = 100;
/** Events that are remembered, so that none is told twice: more than the feed repeats. */
const MAX_TOLD = 20_000;

const COLOURS: Readonly<Record<string, (text: string) => string>> = {
  applied: green,
  stale: blue,
  queued: yellow,
  retrying: yellow,
  quarantined: red,
  dead: red,
};

/** Prints each state of an event once, whatever the feed repeats, and knows which events have yet to settle. */
export class TailView {
  readonly #output: Output;
  readonly #filter: TailFilter;
  readonly #states: readonly string[];
  /** What was told last of each event. Oldest first. */
  readonly #told = new Map<string, string>();
  readonly #watched = new Map<string, EventSummary>();
  #printed = 0;

  /** @throws CliError for a state that there is not. */
  constructor(output: Output, filter: TailFilter) {
    this.#output = output;
    this.#filter = filter;
    this.#states = filter.state?.split(',') ?? OUTCOMES;
    const wrong = this.#states.find((state) => !isOneOf(EVENT_STATES, state));
    if (wrong !== undefined)
      throw new CliError(
        `--state ${wrong}: write one of ${EVENT_STATES.join(', ')}, or several joined by commas`,
      );
  }

  /** True when as many were printed as were asked for. */
  get isDone(): boolean {
    return this.#printed >= (this.#filter.count ?? Number.POSITIVE_INFINITY);
  }

  /** Events that are in flight, the newest: nothing else tells when one settles that has been on its way for long. */
  watched(): readonly EventSummary[] {
    return [...this.#watched.values()].slice(-MAX_WATCHED);
  }

  /** Remembers what is in flight, without printing anything. */
  watch(events: readonly EventSummary[]): void {
    for (const event of events) {
      const key = keyOf(event);
      this.#watched.delete(key);
      if (isOneOf(IN_FLIGHT, event.state) && this.#isWanted(event)) this.#watched.set(key, event);
    }
    for (const key of [...this.#watched.keys()].slice(0, -MAX_WATCHED)) this.#watched.delete(key);
  }

  /** Prints those that are in another state than when they were told last, in the order in which they settled. */
  show(events: readonly EventSummary[]): void {
    this.watch(events);
    for (const event of events.toSorted(bySettling)) {
      if (this.isDone) return;
      if (!this.#isWanted(event) || !this.#states.includes(event.state)) continue;
      const key = keyOf(event);
      const state = `${event.state} ${event.settledAt ?? event.attempts}`;
      if (this.#told.get(key) === state) continue;
      this.#told.delete(key);
      this.#told.set(key, state);
      this.#printed += 1;
      this.#output.line(this.#lineOf(event));
    }
    for (const key of this.#told.keys()) {
      if (this.#told.size <= MAX_TOLD) break;
      this.#told.delete(key);
    }
  }

  #isWanted({ source, type, id }: EventSummary): boolean {
    const { source: s = source, type: t = type, id: i = id } = this.#filter;
    return s === source && t === type && i === id;
  }

  #lineOf(event: EventSummary): string {
    if (this.#output.json) return JSON.stringify(event);
    const { source, id, type, subject, revision, state, attempts, receivedAt, settledAt, reason } = event;
    const time = settledAt ?? receivedAt ?? '';
    if (!this.#output.human) {
      const cells = [time, source, id, type, subject, revision, state, attempts, reason];
      return cells.map((cell) => oneLine(String(cell ?? ''))).join('\t');
    }
    const paint = COLOURS[state] ?? ((text: string) => text);
    const head = `${time.slice(11, 23).padEnd(12)} ${oneLine(source).padEnd(12)} `;
    const took = receivedAt && settledAt ? `${Date.parse(settledAt) - Date.parse(receivedAt)} ms` : '';
    const tail = [
      took.padStart(8),
      oneLine(type ?? '-').padEnd(16),
      oneLine(id),
      ...(subject === null || subject === id ? [] : [oneLine(`subject ${subject}`)]),
      ...(revision === null ? [] : [oneLine(`revision ${revision}`)]),
      ...(attempts > 1 ? [`${attempts} attempts`] : []),
      ...(reason === null ? [] : [oneLine(reason)]),
    ].join('  ');
    // Cut before it is painted: half an escape sequence would colour the rest of the screen.
    const room = Math.max(0, this.#output.width - head.length - 13);
    return `${head}${paint(state.padEnd(12))} ${tail.slice(0, room)}`.trimEnd();
  }
}

function keyOf({ source, id }: EventSummary): string {
  return JSON.stringify([source, id]);
}

function oneLine(text: string): string {
  return printable(text).replaceAll('\n', ' ');
}

function bySettling(a: EventSummary, b: EventSummary): number {
  const [x, y] = [a, b].map((event) => Date.parse(event.settledAt ?? event.receivedAt ?? '') || 0);
  return (x ?? 0) - (y ?? 0);
}
