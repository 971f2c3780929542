/** What the documentation assumes about AWS and no stand-in can prove: confirmed, contradicted, or not seen. */
import type { Bell } from './bells.ts';
import type { Line, Lines } from './lines.ts';
import type { Sent } from './sender.ts';

export interface Claim {
  readonly claim: string;
  readonly verdict: 'confirmed' | 'contradicted' | 'not seen';
  readonly seen: string;
}

export interface Evidence {
  readonly sent: readonly Sent[];
  readonly lines: Lines;
  readonly bells: readonly Bell[];
  /** Names of the alarms that calculate with several metrics. */
  readonly calculating: readonly string[];
  /** Status and body of a path that no route names. */
  readonly elsewhere: { readonly status: number; readonly body: string };
  readonly hasGateway: boolean;
  /** Whether the origin is another than the stage's own, which may lead to the webhooks alone. */
  readonly hasPublicUrl: boolean;
  /** Data points of the metric of the alarm IngestLatency. */
  readonly latencies: number;
}

export function judgeClaims(evidence: Evidence): readonly Claim[] {
  const { sent, bells, calculating, latencies, hasGateway } = evidence;
  const unavailable = sent.filter(({ outcome }) => outcome === 'unavailable');
  const rung = bells.filter(({ alarm, rung }) => calculating.includes(alarm) && rung === 'by its cause');
  return [
    ...(hasGateway ? judgeGateway(evidence) : judgeFunctionUrl(evidence)),
    judge(
      "Inlet's own 503 has Retry-After",
      unavailable.length,
      unavailable.every(({ retryAfter }) => retryAfter !== null),
      seenIn(unavailable.map(({ retryAfter }) => retryAfter ?? 'none')),
    ),
    judge(
      'alarms that calculate ring, also when one of their metrics has never had a data point',
      rung.length,
      rung.every(({ secondsToAlarm }) => secondsToAlarm !== undefined),
      rung.map(({ alarm, secondsToAlarm }) => `${alarm} ${secondsToAlarm ?? 'did not'}`).join(', '),
    ),
    judge('the metric of IngestLatency has data', 1, latencies > 0, `${latencies} data points`),
  ];
}

function judgeGateway({ sent, lines, elsewhere, hasPublicUrl }: Evidence): readonly Claim[] {
  const { gateway } = lines.groups;
  const broken = lines.unreadable.filter(({ group }) => group === 'gateway').length;
  const own = sent.filter(({ requestId }) => requestId !== null);
  const byId = new Map<unknown, Line>(gateway.map((line) => [line.requestId, line]));
  const logged = own.map((request) => byId.get(request.requestId)).filter((line) => line !== undefined);
  const refused = sent.filter(({ expected }) => expected === undefined);
  const limited = sent.filter(({ status }) => status === 429);
  const isInlets = elsewhere.status === 404 && elsewhere.body.includes('Nothing is served here');
  return [
    judge(
      "each line of the gateway's access log is JSON",
      gateway.length + broken,
      broken === 0,
      broken === 0 ? `${gateway.length} lines` : `${broken} of ${gateway.length + broken} are not`,
    ),
    judge(
      'every answer carries apigw-requestid, the id in the access log and in the line of ingest',
      sent.length,
      own.length === sent.length && logged.length === own.length,
      `${own.length} of ${sent.length} answers, ${logged.length} found in the access log`,
    ),
    judge(
      'the path in the access log begins with /webhooks/, also where the gateway answers by itself',
      logged.length,
      logged.every(({ path }) => String(path).startsWith('/webhooks/')),
      seenIn(logged.map(({ path }) => String(path))),
    ),
    judgeRefused(refused, 'the gateway', 503),
    judge(
      'such a 503 has no Retry-After',
      refused.length,
      refused.every(({ retryAfter }) => retryAfter === null),
      seenIn(refused.map(({ retryAfter }) => retryAfter ?? 'none')),
    ),
    judge(
      'a request that the gateway throttles has a line with status 429 in the access log',
      limited.length,
      limited.every(({ requestId }) => byId.get(requestId)?.status === '429'),
      seenIn(limited.map(({ answer }) => answer)),
    ),
    judge(
      'the default route leads to ingest: a path that is none is answered 404 in its words',
      // What stands behind publicUrl may lead to the webhooks alone.
      isInlets || !hasPublicUrl ? 1 : 0,
      isInlets,
      `${elsewhere.status} ${elsewhere.body}`,
    ),
  ];
}

/** A function URL has no access log, no routes and no limit of its own. */
function judgeFunctionUrl({ sent, lines }: Evidence): readonly Claim[] {
  const answered = sent.filter(({ outcome }) => outcome !== null);
  const refused = sent.filter(({ expected }) => expected === undefined);
  const logged = new Set(lines.groups.ingest.map(({ requestId }) => requestId));
  // Of a rejected request every stage has a line, also one that leaves out what went well.
  const rejected = answered.filter(({ outcome }) => outcome === 'rejected');
  return [
    judge(
      'every answer carries x-amzn-requestid, the id in the line of ingest',
      rejected.length,
      answered.every(({ requestId }) => requestId !== null) &&
        rejected.every(({ requestId }) => logged.has(requestId)),
      seenIn(answered.map(({ requestId }) => (requestId === null ? 'without' : 'with the id'))),
    ),
    judgeRefused(refused, 'its URL', 429),
  ];
}

function judgeRefused(refused: readonly Sent[], who: string, expected: number): Claim {
  return judge(
    `where Lambda does not run ingest, ${who} answers ${expected}`,
    refused.length,
    refused.every(({ status }) => status === expected),
    `${seenIn(refused.map(({ status }) => status))}, body ${refused[0]?.answer}`,
  );
}

function judge(claim: string, cases: number, holds: boolean, seen: string): Claim {
  if (cases === 0) return { claim, verdict: 'not seen', seen: '' };
  return { claim, verdict: holds ? 'confirmed' : 'contradicted', seen };
}

/** Different values, each once. */
function seenIn(values: readonly (string | number)[]): string {
  return [...new Set(values)].join(', ');
}
