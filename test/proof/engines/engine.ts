/** The DynamoDBs that tests run on. dynalite comes with the dependencies; the others `npm run engines` installs. */
import { startDynamoDB } from '../../../local/dynamodb.ts';

/** A running DynamoDB, empty at first, in memory. */
export interface DynamoEngine {
  readonly name: string;
  readonly endpoint: string;
  /** Ends it; what it held is gone. */
  close(): Promise<void>;
}

export interface EngineKind {
  readonly name: string;
  /** Why it cannot run here, and what to do about it; undefined where it can. */
  readonly missing: string | undefined;
  /** @throws Error with what the program wrote when it ends instead of answering. */
  start(): Promise<DynamoEngine>;
}

/** The one on which Inlet runs on a laptop. */
export const dynalite: EngineKind = {
  name: 'dynalite',
  missing: undefined,
  start: async () => ({ name: 'dynalite', ...(await startDynamoDB()) }),
};
