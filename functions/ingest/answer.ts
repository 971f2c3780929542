import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { Header } from '../core/names.ts';
import type { Answer } from '../pack/request.ts';

export type GatewayAnswer = APIGatewayProxyStructuredResultV2;

/** What became of a request: the value of the `inlet-outcome` header. */
export type RequestOutcome = 'accepted' | 'duplicate' | 'handshake' | 'rejected' | 'unavailable';

/** An answer with the headers that every answer to a webhook carries. */
export function answer(
  outcome: RequestOutcome,
  { status, headers, body }: Answer,
  more: Readonly<Record<string, string>> = {},
): GatewayAnswer {
  return {
    statusCode: status,
    headers: { ...headers, ...more, [Header.outcome]: outcome },
    ...(body !== undefined && { body }),
  };
}

/**
 * A refusal: `{"code", "message"}`, where the message says what to do and nothing about which part of a
 * signature was wrong.
 */
export function refuse(
  status: number,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): GatewayAnswer {
  return answer(
    status === 503 ? 'unavailable' : 'rejected',
    jsonAnswer(status, { code: status, message }),
    headers,
  );
}

/** The same answer with nothing in it. */
export function withoutBody({ statusCode, headers }: GatewayAnswer): GatewayAnswer {
  const { 'content-type': _, ...rest } = headers ?? {};
  return { ...(statusCode !== undefined && { statusCode }), headers: rest };
}

export function jsonAnswer(status: number, body: unknown): Answer {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

/** `inlet-delivery`: source and id; what a header cannot carry is percent-encoded, as in the read API's paths. */
export function deliveryHeader(source: string, id: string): Readonly<Record<string, string>> {
  return { [Header.delivery]: `${source}/${encodeURIComponent(id).replaceAll('%3A', ':')}` };
}

/** Seconds after which a provider that reads `Retry-After` should try again. */
const RETRY_AFTER_SECONDS = '5';

export function unavailable(): GatewayAnswer {
  return refuse(503, 'Not accepted: a dependency did not answer in time. Send the request again.', {
    'retry-after': RETRY_AFTER_SECONDS,
  });
}
