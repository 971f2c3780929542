import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type { GatewayAnswer } from '../../../functions/ingest/answer.ts';
import type { Actor } from './actor.ts';
import type { History } from './history.ts';
import type { Move, Party } from './moves.ts';
import { type DeliverySpec, gatewayEvent } from './topology.ts';

/** A provider that goes on retrying gives up after so many attempts in a row at a healthy receiver. */
const PATIENCE = 8;
/** Retries that run into further faults. Later ones meet a healthy receiver. */
const EARLY_RETRIES = 3;

/** Sends one delivery, in one or several copies, and again after anything but 2xx or no answer. */
export class Provider implements Party {
  readonly spec: DeliverySpec;
  acknowledged = false;
  readonly #history: History;
  readonly #ingest: (event: APIGatewayProxyEventV2) => Promise<GatewayAnswer>;
  readonly #name: string;
  readonly #running: { actor: Actor; result: () => GatewayAnswer | undefined }[] = [];
  #copies: number;
  #retries = 0;
  #attempts = 0;

  constructor(
    history: History,
    ingest: (event: APIGatewayProxyEventV2) => Promise<GatewayAnswer>,
    { name, spec, copies }: { name: string; spec: DeliverySpec; copies: number },
  ) {
    this.#history = history;
    this.#ingest = ingest;
    this.#name = name;
    this.spec = spec;
    this.#copies = copies;
  }

  async observe(): Promise<void> {
    for (const run of this.#running.filter(({ actor }) => actor.crashed || actor.finished)) {
      this.#running.splice(this.#running.indexOf(run), 1);
      const status = run.result()?.statusCode;
      this.#history.trace.push(`${run.actor.name.padEnd(14)} answers ${status ?? 'nothing'}`);
      if (status !== undefined && status >= 200 && status < 300) this.acknowledged = true;
      else this.#retries++;
    }
  }

  starts(calm: boolean): readonly Move[] {
    const retrying = this.#retries > 0 && !this.acknowledged;
    if (this.#copies === 0 && !retrying) return [];
    if (this.#attempts >= EARLY_RETRIES + 2 && !calm) return [];
    if (this.#attempts >= EARLY_RETRIES + PATIENCE) return [];
    const run = () => {
      if (this.#copies > 0) this.#copies--;
      else this.#retries--;
      const attempt = ++this.#attempts;
      const name = `${this.#name}.${attempt}`;
      this.#running.push(this.#history.spawn(name, () => this.#ingest(gatewayEvent(this.spec, attempt))));
    };
    return [{ label: '', cost: 'free', run }];
  }

  verify(): readonly string[] {
    return this.acknowledged ? [] : [`${this.#name} retried and was never acknowledged`];
  }
}
