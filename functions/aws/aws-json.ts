/**
 * One signed POST of the protocol JSON 1.1, which SSM and Secrets Manager both speak. `@aws-sdk/client-ssm` would add
 * 76 KB to every cold start of ingest, because each of its 150 error classes registers itself when it is loaded. The
 * signer and the connection handler are the SDK's own and are in the bundle anyway.
 */
import { Sha256 } from '@smithy/core/checksum';
import { HttpRequest } from '@smithy/core/protocols';
import { SignatureV4 } from '@smithy/signature-v4';
import { InletError } from '../core/errors.ts';
import { FreshConnections } from './connections.ts';

export interface AwsService {
  /** In the signature, in the host name, and in front of the codes of errors. */
  readonly name: string;
  /** For messages. */
  readonly title: string;
  /** In front of the action's name in the header `x-amz-target`. */
  readonly target: string;
}

export interface AwsOptions {
  readonly region: string;
  readonly credentials: () => Promise<{
    accessKeyId: string;
    secretAccessKey: string;
    sessionToken?: string;
  }>;
  /** Default: the region's own. */
  readonly endpoint?: string | undefined;
}

/** What a service has answered. */
export type Answer = Readonly<Record<string, unknown>>;

/**
 * Calls an action.
 * @param about what the action is about, for the message of an error.
 * @param absences names of errors that mean that there is no such thing.
 * @returns the answer; undefined for one of `absences`.
 * @throws InletError `<service>-<error>` when the service refuses, or whatever the connection failed with.
 */
export type CallAws = (
  action: string,
  about: string,
  input: object,
  absences?: readonly string[],
) => Promise<Answer | undefined>;

/** One attempt ends within 1.5 s and there are two, so that ingest can still answer the provider in time. */
const TIMES = { connectionTimeout: 1000, requestTimeout: 1500 };
const ATTEMPTS = 2;

export function createCall(
  { name, title, target }: AwsService,
  { region, credentials, endpoint }: AwsOptions,
): CallAws {
  const signer = new SignatureV4({ service: name, region, credentials, sha256: Sha256 });
  const handler = new FreshConnections(TIMES);
  const { protocol, hostname, port, host } = new URL(
    endpoint ?? `https://${name}.${region}.${domain(region)}`,
  );

  async function attempt(action: string, body: string): Promise<{ status: number; answer: Answer }> {
    const headers = {
      host,
      'content-type': 'application/x-amz-json-1.1',
      'content-length': String(Buffer.byteLength(body)),
      'x-amz-target': `${target}.${action}`,
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

  return async (action, about, input, absences = []) => {
    const body = JSON.stringify(input);
    for (let left = ATTEMPTS; ; left--) {
      try {
        const { status, answer } = await attempt(action, body);
        if (status === 200) return answer;
        const error = errorOf(answer) ?? String(status);
        if (absences.includes(error)) return undefined;
        throw new InletError(`${name}-${error}`, `${title} refused ${action} ${about}: ${error}`);
      } catch (error) {
        if (left <= 1 || isFinal(error)) throw error;
      }
    }
  };
}

/**
 * The text in an answer.
 * @throws InletError where there is none: taken for no secret, it would let a caller forget the ones it knows.
 */
export function textIn(value: unknown, { name, title }: AwsService, about: string): string {
  if (typeof value === 'string') return value;
  throw new InletError(`${name}-200`, `${title} gave no text for ${about}`);
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

/** Name of the error, without its namespace. */
function errorOf({ __type }: Answer): string | undefined {
  return typeof __type === 'string' ? __type.slice(__type.lastIndexOf('#') + 1) : undefined;
}

function parse(text: string): Answer {
  try {
    return (JSON.parse(text) ?? {}) as Answer;
  } catch {
    return {};
  }
}

async function text(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}
