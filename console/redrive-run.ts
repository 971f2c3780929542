import type { EventId, Problem, RedriveResult } from '../functions/api/types.ts';
import { post } from './api.ts';

/** Filters, or the ids of what was chosen: `<source>/<id>` each. */
export type RedriveRequest = Readonly<Record<string, unknown>> & { readonly ids?: readonly string[] };

/** Events that are named. All are counted. */
export const MAX_LISTED = 50;
/** Ids of one call: fewer than the API takes at once. */
const IDS_PER_CALL = 500;

type Phase = 'looking' | 'ready' | 'running' | 'stopping' | 'stopped' | 'failed' | 'done';

/**
 * A redrive of any number of events: first a look at what would be sent, then call by call, to the end of the API's
 * cursor. It can be stopped, and goes on where it stopped or failed; what was done until then stays counted.
 */
export class RedriveRun {
  phase: Phase = 'looking';
  /** What the look has found. */
  preview: RedriveResult | undefined;
  /** Whether anything was to be sent yet. */
  hasBegun = false;
  /** Why the last call failed. */
  failure: string | undefined;
  redriven = 0;
  failed = 0;
  /** The first of them. */
  readonly ids: EventId[] = [];
  readonly problems: Problem[] = [];
  readonly #request: RedriveRequest;
  readonly #onSent: (sent: readonly EventId[]) => void;
  readonly #onChange: () => void;
  #parts: readonly (readonly string[])[] = [];
  #cursor: string | null = null;

  /** @param onSent told after each call which events are on the queue again. */
  constructor(request: RedriveRequest, onSent: (sent: readonly EventId[]) => void, onChange: () => void) {
    this.#request = request;
    this.#onSent = onSent;
    this.#onChange = onChange;
  }

  /** How many there are, as far as is known. */
  get total(): number {
    return this.#request.ids?.length ?? this.preview?.matched ?? 0;
  }

  /** Asks what would be sent, and sends nothing. */
  async look(): Promise<void> {
    try {
      const preview = await call({ ...this.#request, dryRun: true });
      this.preview = preview;
      // What was shown is sent, not what matches by then; behind it, what matches.
      const ids = this.#request.ids ?? preview.ids.map(({ source, id }) => `${source}/${id}`);
      this.#parts = preview.ids.length > 0 ? inParts(ids) : [];
      this.#cursor = preview.cursor;
      this.#to(this.#next() ? 'ready' : 'done');
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Redrives to the end, or until it is stopped or a call fails. */
  async goOn(): Promise<void> {
    this.failure = undefined;
    this.hasBegun = true;
    this.#to('running');
    for (let body = this.#next(); body; body = this.#next()) {
      if (this.phase === 'stopping') return this.#to('stopped');
      try {
        this.#take(await call({ ...body, dryRun: false }));
      } catch (error) {
        return this.#fail(error);
      }
    }
    this.#to('done');
  }

  /** Lets the call under way end and begins no other. */
  stop(): void {
    if (this.phase === 'running') this.#to('stopping');
  }

  /** What the next call is about; undefined at the end. */
  #next(): RedriveRequest | undefined {
    const [ids] = this.#parts;
    if (ids) return { ids };
    return this.#cursor === null ? undefined : { ...this.#request, cursor: this.#cursor };
  }

  #take(page: RedriveResult): void {
    if (this.#parts.length > 0) this.#parts = this.#parts.slice(1);
    else this.#cursor = page.cursor;
    this.redriven += page.redriven;
    this.failed += page.failed.length;
    this.ids.push(...page.ids.slice(0, MAX_LISTED - this.ids.length));
    this.problems.push(...page.failed.slice(0, MAX_LISTED - this.problems.length));
    this.#onSent(page.ids);
    this.#onChange();
  }

  #fail(error: unknown): void {
    this.failure = error instanceof Error ? error.message : String(error);
    this.#to('failed');
  }

  #to(phase: Phase): void {
    this.phase = phase;
    this.#onChange();
  }
}

function call(body: RedriveRequest): Promise<RedriveResult> {
  return post<RedriveResult>('/api/dead/redrive', body);
}

function inParts(ids: readonly string[]): string[][] {
  return Array.from({ length: Math.ceil(ids.length / IDS_PER_CALL) }, (_, n) =>
    ids.slice(n * IDS_PER_CALL, (n + 1) * IDS_PER_CALL),
  );
}
