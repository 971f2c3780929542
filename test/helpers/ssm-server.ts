import { type Fault, startJsonApi } from './json-api-server.ts';

/** SSM's `GetParameter` and `PutParameter`: there is no emulator of it on npm. */
export interface SsmServer {
  readonly endpoint: string;
  /** By full name. */
  readonly parameters: Map<string, string>;
  /** Names asked for, in order. */
  readonly asked: string[];
  /** `<action> <name>`, likewise. */
  readonly calls: string[];
  /** What the next requests meet; one is taken off for each. */
  readonly faults: Fault[];
  close(): Promise<void>;
}

export async function startSsm(initial: Readonly<Record<string, string>> = {}): Promise<SsmServer> {
  const parameters = new Map(Object.entries(initial));
  const asked: string[] = [];
  const calls: string[] = [];
  const faults: Fault[] = [];
  const versions = new Map<string, { value: string; version: number }>();
  /** One more with each write, also by the hand of a test. */
  function versionOf(name: string, value: string, isWritten = false): number {
    const last = versions.get(name) ?? { value, version: isWritten ? 0 : 1 };
    const version = last.value === value && !isWritten ? last.version : last.version + 1;
    versions.set(name, { value, version });
    return version;
  }

  const server = await startJsonApi({
    service: 'ssm',
    target: 'AmazonSSM',
    faults,
    hear(action, { Name = '' }) {
      asked.push(Name);
      calls.push(`${action} ${Name}`);
    },
    actions: {
      GetParameter({ Name = '', WithDecryption }) {
        const value = parameters.get(Name);
        if (value === undefined) return { error: 'ParameterNotFound' };
        const Value = WithDecryption ? value : 'ciphertext';
        return {
          json: { Parameter: { Name, Type: 'SecureString', Value, Version: versionOf(Name, value) } },
        };
      },
      PutParameter({ Name = '', Value }) {
        // https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-advanced-parameters.html
        if (!Value || Buffer.byteLength(Value) > 4_096) return { error: 'ValidationException' };
        parameters.set(Name, Value);
        return { json: { Version: versionOf(Name, Value, true), Tier: 'Standard' } };
      },
    },
  });
  return { ...server, parameters, asked, calls, faults };
}
