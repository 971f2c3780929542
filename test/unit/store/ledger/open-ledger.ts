import { type DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { Ledger } from '../../../../functions/store/ledger/ledger.ts';
import { LOCAL_TABLES } from '../../../../local/dynamodb.ts';
import { type OpenTables, openTables } from '../../../proof/engines/tables.ts';

/** Seconds. */
export const RETENTION = 86_400;

/** Across the files that one engine runs: they share its tables. */
let counter = 0;

/** A ledger on tables of its own, with a clock that the test moves. */
export class OpenLedger {
  /** Epoch milliseconds. */
  clock = Date.parse('2026-01-01T00:00:00Z');
  readonly tables: OpenTables;
  readonly client: DynamoDBClient;
  readonly ledger: Ledger;

  private constructor(tables: OpenTables) {
    this.tables = tables;
    this.client = tables.client;
    this.ledger = this.through(tables.client);
  }

  static async open(): Promise<OpenLedger> {
    return new OpenLedger(await openTables());
  }

  /** The same ledger by another client. */
  through(client: DynamoDBClient, table = LOCAL_TABLES.ledger): Ledger {
    return new Ledger(client, table, RETENTION, () => this.clock);
  }

  close(): Promise<void> {
    return this.tables.close();
  }

  /** An entry of its own for each test; there is none before it is claimed. */
  entry() {
    const id = `key-${counter++}`;
    const read = async () => {
      const Key = { id: { S: `test#${id}` } };
      const { Item } = await this.client.send(
        new GetItemCommand({ TableName: LOCAL_TABLES.ledger, Key, ConsistentRead: true }),
      );
      return Item;
    };
    const claimed = { source: 'test', id, kind: 'event', receivedAt: this.clock } as const;
    return { id, read, claim: async () => (await this.ledger.claim(claimed)).claim };
  }
}
