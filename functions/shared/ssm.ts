/**
 * SSM's `GetParameter` and `PutParameter`, and nothing else of SSM: one signed POST. `@aws-sdk/client-ssm` would add 76 KB to every
 * cold start of ingest, because each of its 150 error classes registers itself when it is loaded. The signer and
 * the connection handler are the SDK's own and are in the bundle anyway.
 */

import { Sha256 } from '@smithy/core/checksum';
import { HttpRequest } from '@smithy/core/protocols';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { SignatureV4 } from '@smithy/signature-v4';
import { InletError } from './errors.ts';

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

export interface SsmOptions {
  readonly region: string;
  readonly credentials: () => Promise<{
    accessKeyId: string;
    secretAccessKey: string;
    sessionToken?: string;
  }>;
  /** Default: the region's own. */
  readonly endpoint?: string;
}

/** One attempt ends within 1.5 s and there are two, so that ingest can still answer the provider in time. */
const TIMES = { connectionTimeout: 1000, requestTimeout: 1500, throwOnRequestTimeout: true };
const ATTEMPTS = 2;

export function createParameters({ region, credentials, endpoint }: SsmOptions): Parameters {
  const signer = new SignatureV4({ service: 'ssm', region, credentials, sha256: Sha256 });
  const handler = new NodeHttpHandler(TIMES);
  const { protocol, hostname, port, host } = new URL(endpoint ?? `https://ssm.${region}.${domain(region)}`);

  async function attempt(action: string, input: object): Promise<{ status: number; answer: Answer }> {
    const body = JSON.stringify(input);
    const headers = {
      host,
      'content-type': 'application/x-amz-json-1.1',
      'content-length': String(Buffer.byteLength(body)),
      'x-amz-target': `AmazonSSM.${action}`,
    };
    const request = new HttpRequest({
      method: 'POST',
      protocol,
      hostname,
      ...(port && { port: Number(port) }),
      path: '/',
      headers,
      body,
    });
    const { response } = await handler.handle(new HttpRequest(await signer.sign(request)));
    return { status: response.statusCode, answer: parse(await text(response.body)) };
  }

  /** The answer of the first attempt that has one. @throws what the last one failed with. */
  async function call(action: string, input: { readonly Name: string; readonly [key: string]: unknown }) {
    for (let left = ATTEMPTS; ; left--) {
      try {
        const { status, answer } = await attempt(action, input);
        if (status === 200 || answer.error === 'ParameterNotFound') return answer;
        throw new InletError(`ssm-${answer.error ?? status}`, `SSM refused ${action} ${input.Name}`);
      } catch (error) {
        if (left <= 1 || isFinal(error)) throw error;
      }
    }
  }

  return {
    async read(Name) {
      const { error, value } = await call('GetParameter', { Name, WithDecryption: true });
      if (error === undefined && value === undefined) throw new InletError('ssm-200', `SSM gave no ${Name}`);
      return value;
    },
    async write(Name, Value) {
      await call('PutParameter', { Name, Value, Type: 'SecureString', Overwrite: true });
    },
  };
}

export function createParameterReader(options: SsmOptions): ReadParameter {
  return createParameters(options).read;
}

/** China's regions have a domain of their own. */
function domain(region: string): string {
  return region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
}

/** Another attempt would meet the same refusal. */
function isFinal(error: unknown): boolean {
  return (
    error instanceof InletError && /AccessDenied|UnrecognizedClient|Validation|InvalidKeyId/.test(error.code)
  );
}

interface Answer {
  readonly value?: string;
  /** Name of the error, without its namespace. */
  readonly error?: string;
}

function parse(text: string): Answer {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return {};
  }
  const { Parameter, __type } = (json ?? {}) as { Parameter?: { Value?: unknown }; __type?: unknown };
  return {
    ...(typeof Parameter?.Value === 'string' && { value: Parameter.Value }),
    ...(typeof __type === 'string' && { error: __type.slice(__type.lastIndexOf('#') + 1) }),
  };
}

async function text(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}
