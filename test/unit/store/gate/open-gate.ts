import { type DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import type { EventFacts } from '../../../../functions/core/facts.ts';
import { Gate, type GatedEvent } from '../../../../functions/store/gate/gate.ts';
import { LOCAL_TABLES } from '../../../../local/dynamodb.ts';
import { type OpenTables, openTables } from '../../../proof/engines/tables.ts';

/** Across the files that one engine runs: they share its tables. */
let counter = 0;

/** A gate on tables of its own, with a clock that the test moves. */
export class OpenGate {
  /** Epoch milliseconds. */
  clock = 1_000_000;
  readonly tables: OpenTables;
  readonly client: DynamoDBClient;
  readonly gate: Gate;
  /** The fencing numbers that were given out, by subject. */
  readonly #fences = new Map<string, number[]>();

  private constructor(tables: OpenTables) {
    this.tables = tables;
    this.client = tables.client;
    this.gate = this.through(tables.client);
  }

  static async open(): Promise<OpenGate> {
    return new OpenGate(await openTables());
  }

  /** The same gate by another client. */
  through(client: DynamoDBClient, table = LOCAL_TABLES.subjects): Gate {
    return new Gate(client, table, 86_400, () => this.clock);
  }

  close(): Promise<void> {
    return this.tables.close();
  }

  async acquire(event: GatedEvent, leaseUntil: number, by = this.gate) {
    return this.#noted(event, await by.acquire(event, leaseUntil));
  }

  async acquireAgain(event: GatedEvent, force: string, leaseUntil: number, by = this.gate) {
    return this.#noted(event, await by.acquire(event, leaseUntil, force));
  }

  /** A subject of its own for each test. `fence`: the number of its nth lease. */
  subject() {
    const name = `subject-${counter++}`;
    const fence = (n: number) => this.#fences.get(name)?.[n - 1] ?? Number.NaN;
    const event = (revision: string, more: Partial<EventFacts> = {}) => ({
      source: 'test',
      facts: {
        id: `${name}-${revision}`,
        type: 'thing.changed',
        subject: name,
        revision,
        state: `state-${revision}`,
        deleted: false,
        ordered: true,
        gate: 'subject' as const,
        tenant: undefined,
        quarantine: undefined,
        payload: { revision },
        ...more,
      },
    });
    const read = async () => {
      const id = { S: `test#${name}` };
      const { Item } = await this.client.send(
        new GetItemCommand({ TableName: LOCAL_TABLES.subjects, Key: { id }, ConsistentRead: true }),
      );
      return Item;
    };
    return { event, read, fence };
  }

  /** Every number is larger than all before it. */
  #noted<Answer extends object>({ facts: { subject } }: GatedEvent, answer: Answer): Answer {
    if (!('fence' in answer)) return answer;
    const before = this.#fences.get(subject) ?? [];
    expect(answer.fence).toBeGreaterThan(Math.max(0, ...before));
    this.#fences.set(subject, [...before, Number(answer.fence)]);
    return answer;
  }
}
