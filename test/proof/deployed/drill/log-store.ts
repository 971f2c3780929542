/** CloudWatch Logs: the lines of every group with their times, and what the template's metric filters make of them. */
import type { StackTemplate } from '../../../helpers/template.ts';
import { dataPoints } from '../metric-filters.ts';
import type { MetricStore } from './metric-store.ts';

interface Event {
  readonly timestamp: number;
  readonly message: string;
}

export class LogStore {
  readonly #template: StackTemplate;
  readonly #metrics: MetricStore;
  readonly #groups = new Map<string, Event[]>();

  constructor(template: StackTemplate, metrics: MetricStore) {
    this.#template = template;
    this.#metrics = metrics;
    for (const [group] of template.ofType('AWS::Logs::LogGroup')) this.#groups.set(group, []);
  }

  /** Lines that came at the same time, by group. */
  write(lines: Readonly<Record<string, readonly string[]>>, timestamp: number): void {
    if (Object.values(lines).every(({ length }) => length === 0)) return;
    for (const [group, messages] of Object.entries(lines))
      this.#groups.get(group)?.push(...messages.map((message) => ({ timestamp, message })));
    // What is no JSON matches no filter.
    const readable = [...this.#groups.keys()].map((group) => [group, (lines[group] ?? []).filter(isJson)]);
    for (const point of dataPoints(this.#template, Object.fromEntries(readable)))
      this.#metrics.add(point, timestamp, point.value);
  }

  /** Both ends belong to it. @throws Error when there is no such group. */
  read(group: string, from: number, to: number): readonly Event[] {
    const events = this.#groups.get(group);
    if (!events) throw new Error(`there is no log group ${group}`);
    return events.filter(({ timestamp }) => timestamp >= from && timestamp <= to);
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
