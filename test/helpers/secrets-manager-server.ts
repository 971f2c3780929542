import { type Fault, type Reply, startJsonApi } from './json-api-server.ts';

export interface StoredSecret {
  /** Undefined: created without one, or put there as bytes. */
  readonly value?: string;
  readonly binary?: boolean;
  readonly deleted?: boolean;
  /** Of the version that is current. */
  readonly token?: string;
}

/** `GetSecretValue`, `PutSecretValue` and `CreateSecret` of Secrets Manager: there is no emulator of it on npm. */
export interface SecretsManagerServer {
  readonly endpoint: string;
  /** By name. */
  readonly secrets: Map<string, StoredSecret>;
  /** `<action> <name>`, in order. */
  readonly asked: string[];
  /** What the next requests meet; one is taken off for each. */
  readonly faults: Fault[];
  close(): Promise<void>;
}

/** What Secrets Manager wants of a `ClientRequestToken`, which only the SDK makes up by itself. */
const TOKEN = /^[A-Za-z0-9-]{32,64}$/;

export async function startSecretsManager(
  initial: Readonly<Record<string, string>> = {},
): Promise<SecretsManagerServer> {
  const secrets = new Map<string, StoredSecret>(
    Object.entries(initial).map(([name, value]) => [name, { value }]),
  );
  const asked: string[] = [];
  const faults: Fault[] = [];

  function write(
    name: string,
    { SecretString: value, ClientRequestToken: token }: Record<string, string>,
  ): Reply {
    if (!value || !TOKEN.test(token ?? '')) return { error: 'InvalidParameterException' };
    secrets.set(name, { value, ...(token && { token }) });
    return { json: { Name: name, VersionId: token } };
  }

  const server = await startJsonApi({
    service: 'secretsmanager',
    target: 'secretsmanager',
    faults,
    hear: (action, { SecretId, Name }) => void asked.push(`${action} ${SecretId ?? Name}`),
    actions: {
      GetSecretValue({ SecretId = '' }) {
        const secret = secrets.get(SecretId);
        if (secret?.deleted) return { error: 'InvalidRequestException' };
        if (secret?.binary) return { json: { Name: SecretId, SecretBinary: 'AAAA' } };
        if (secret?.value === undefined) return { error: 'ResourceNotFoundException' };
        return { json: { Name: SecretId, SecretString: secret.value, VersionStages: ['AWSCURRENT'] } };
      },
      PutSecretValue({ SecretId = '', ...input }) {
        const secret = secrets.get(SecretId);
        if (!secret) return { error: 'ResourceNotFoundException' };
        return secret.deleted ? { error: 'InvalidRequestException' } : write(SecretId, input);
      },
      CreateSecret({ Name = '', ...input }) {
        const secret = secrets.get(Name);
        if (secret?.deleted) return { error: 'InvalidRequestException' };
        // The same request once more is ignored.
        const again = secret?.token === input.ClientRequestToken && secret?.value === input.SecretString;
        return secret && !again ? { error: 'ResourceExistsException' } : write(Name, input);
      },
    },
  });
  return { ...server, secrets, asked, faults };
}
