import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { keeping } from '../config/config.ts';
import { retentionSeconds, type Source, Sources } from '../config/sources.ts';
import { Header } from '../core/names.ts';
import type { Setup } from '../setup/setup.ts';
import { BodyStore } from '../store/bodies.ts';
import { Inbox } from '../store/inbox.ts';
import { Ledger } from '../store/ledger/ledger.ts';
import { equalText } from '../verification/compare.ts';
import { type GatewayAnswer, jsonAnswer, refuse } from './answer.ts';
import { matchWebhookPath, readGatewayEvent } from './gateway-request.ts';
import { type Received, receive } from './receive.ts';

/** What is echoed into a response header. */
const PRINTABLE = /^[\x20-\x7e]{1,1024}$/;

const METHODS = ['POST', 'GET', 'HEAD', 'OPTIONS'];
const HEALTH_METHODS = ['GET', 'HEAD'];

/**
 * Builds the ingest function: a gateway event in, its answer out.
 * @param frontSecrets of which a request has to know one, where something in front adds it. Default: nothing is in front.
 */
export function composeIngest(
  setup: Setup,
  frontSecrets?: readonly string[],
): (event: APIGatewayProxyEventV2) => Promise<GatewayAnswer> {
  const { config, log, now, secrets } = setup;
  const sources = new Sources(config, setup.packs);
  const { dynamodb, tables } = setup;
  const retention = retentionSeconds(config, sources);
  const kept = keeping(config);
  const ledger = new Ledger(dynamodb, tables.ledger, retention, now, kept);
  const bodies = new BodyStore(setup.s3, setup.bodiesBucket);
  const inbox = new Inbox(setup.sqs, setup.inboxQueueUrl, bodies, kept.format);
  const receiver = { ledger, inbox, secrets, log, now };

  return async (event) => {
    const started = now();
    const { frontSecret, ...request } = readGatewayEvent(event, config.publicUrl, started);
    const health = healthAnswer(request.path, request.method);
    if (health) return health;

    const path = matchWebhookPath(request.path);
    const source = path && sources.get(path.source);
    const { answer, line } = !isThroughFront(frontSecret, frontSecrets)
      ? refuseBeside()
      : source && METHODS.includes(request.method)
        ? await receive(receiver, source, { ...request, subpath: path.subpath })
        : refuseRoute(request.path, source);

    const requestId = request.headers[Header.requestId];
    if (requestId !== undefined && PRINTABLE.test(requestId))
      answer.headers = { ...answer.headers, [Header.requestId]: requestId };
    const status = answer.statusCode ?? 500;
    log.log(status >= 500 ? 'ERROR' : status >= 400 ? 'WARN' : 'INFO', {
      requestId: request.requestId,
      source: source?.name,
      outcome: String(answer.headers?.[Header.outcome]),
      status,
      ...line,
      bytes: request.body.length,
      ms: now() - started,
    });
    return request.method === 'HEAD' ? { ...answer, body: undefined } : answer;
  };
}

/** Compares with every secret, so that the time does not tell which one it was. */
function isThroughFront(given: string | undefined, secrets: readonly string[] | undefined): boolean {
  if (!secrets) return true;
  if (!given) return false;
  return secrets.filter((secret) => equalText(given, secret)).length > 0;
}

/** Whoever found the address behind the front passes its rules by: nothing else is looked at. */
function refuseBeside(): Received {
  const message = 'Not accepted: this address is not public. Call the host name of the webhook URL.';
  return { answer: refuse(401, message), line: { reason: 'beside-front' } };
}

/** What is not served here. The names of the sources are not told: whoever asks has proven nothing. */
function refuseRoute(path: string, source: Source | undefined): Received {
  if (source) {
    const answer = refuse(405, 'Webhooks are sent by POST.', { allow: METHODS.join(', ') });
    return { answer, line: { reason: 'method' } };
  }
  if (path === '/health') {
    const answer = refuse(405, 'Ask for the health by GET.', { allow: HEALTH_METHODS.join(', ') });
    return { answer, line: { reason: 'method' } };
  }
  const message = /^\/webhooks\/[^/]/.test(path)
    ? 'There is no such source: check the webhook URL.'
    : 'Nothing is served here. The routes are POST /webhooks/<source> and GET /health.';
  return { answer: refuse(404, message), line: { reason: 'unknown-source' } };
}

function healthAnswer(path: string, method: string): GatewayAnswer | undefined {
  if (path !== '/health' || !HEALTH_METHODS.includes(method)) return undefined;
  const { status, headers, body } = jsonAnswer(200, { status: 'Up' });
  return { statusCode: status, headers, ...(method === 'GET' && { body }) };
}
