/** SSM's `GetParameter` and `PutParameter`, and nothing else of SSM: see aws-json.ts. */
import { type AwsOptions, type AwsService, createCall, textIn } from './aws-json.ts';

/**
 * Reads and decrypts a parameter; undefined when there is none of that name.
 * @throws InletError `ssm-…` when SSM refuses, or whatever the connection failed with.
 */
export type ReadParameter = (name: string) => Promise<string | undefined>;

/** Writes a SecureString under the account's own key, in place of what is there. */
export type WriteParameter = (name: string, value: string) => Promise<void>;

export interface Parameters {
  readonly read: ReadParameter;
  readonly write: WriteParameter;
}

const SSM: AwsService = { name: 'ssm', title: 'SSM', target: 'AmazonSSM' };

export function createParameters(options: AwsOptions): Parameters {
  const call = createCall(SSM, options);
  return {
    async read(Name) {
      const input = { Name, WithDecryption: true };
      const answer = await call('GetParameter', Name, input, ['ParameterNotFound']);
      return answer && textIn((answer.Parameter as { Value?: unknown } | undefined)?.Value, SSM, Name);
    },
    async write(Name, Value) {
      await call('PutParameter', Name, { Name, Value, Type: 'SecureString', Overwrite: true });
    },
  };
}

export function createParameterReader(options: AwsOptions): ReadParameter {
  return createParameters(options).read;
}
