/** SSM's `GetParameter` and `PutParameter`, and nothing else of SSM: see aws-json.ts. */
import { type AwsOptions, type AwsService, createCall, textIn } from '../aws/aws-json.ts';

/**
 * Reads and decrypts a parameter; undefined when there is none of that name.
 * @throws InletError `ssm-…` when SSM refuses, or whatever the connection failed with.
 */
export type ReadParameter = (name: string) => Promise<string | undefined>;

/**
 * Writes a SecureString under the account's own key, in place of what is there.
 * @returns the number of the version that this is: one more than that of what was there.
 */
export type WriteParameter = (name: string, value: string) => Promise<number>;

/** A parameter as it was when it was read. */
export interface Parameter {
  readonly value: string;
  /** Numbers are given one by one: no two writes have the same. */
  readonly version: number;
}

export interface Parameters {
  readonly read: ReadParameter;
  /** As `read`, with the number of the version. */
  readonly readVersion: (name: string) => Promise<Parameter | undefined>;
  readonly write: WriteParameter;
}

const SSM: AwsService = { name: 'ssm', title: 'SSM', target: 'AmazonSSM' };

export function createParameters(options: AwsOptions): Parameters {
  const call = createCall(SSM, options);
  const readVersion = async (Name: string): Promise<Parameter | undefined> => {
    const answer = await call('GetParameter', Name, { Name, WithDecryption: true }, ['ParameterNotFound']);
    if (!answer) return undefined;
    const { Value, Version } = (answer.Parameter ?? {}) as { Value?: unknown; Version?: unknown };
    return { value: textIn(Value, SSM, Name), version: Number(Version) };
  };
  return {
    read: async (name) => (await readVersion(name))?.value,
    readVersion,
    async write(Name, Value) {
      const answer = await call('PutParameter', Name, { Name, Value, Type: 'SecureString', Overwrite: true });
      return Number(answer?.Version);
    },
  };
}

export function createParameterReader(options: AwsOptions): ReadParameter {
  return createParameters(options).read;
}
