/**
 * The configuration of a deployment as data: what synth makes of `inlet.config.ts`, or its JSON form. Each key has its rule
 * in `config/schema.ts`, and those of `ingress` and of sources beside it.
 */

import { FORMAT, type Format } from '../core/format.ts';
import { longestRetries } from '../core/pauses.ts';

/** One registered webhook URL: `/webhooks/<name>`. */
export interface SourceConfig {
  /** Name of a provider pack. */
  readonly provider: string;
  /** Options of that pack. */
  readonly options?: Readonly<Record<string, unknown>>;
  /** Name of a handler. Default: none; each event, or the newest state of each subject, is kept as `mode` says. */
  readonly handler?: string;
  /**
   * `each`: every event is processed once, in any order. `latest`: an event older than what its subject has seen is stale,
   * and of equal ones each is applied.
   * Default with a handler: `each`, but for a provider that tells receivers to discard older revisions (Dotdigital). Without
   * one: `latest` where the pack argues that its events say all of a thing's state, or `revision` is given and a subject is
   * known, else `each`.
   */
  readonly mode?: 'latest' | 'each';
  /** With a handler and `each`: also keep the newest state of each subject, at one write more. Default false. */
  readonly keepState?: boolean;
  /**
   * With a handler and `each`: handle the events of one subject one at a time, in any order, at two writes more for each, or
   * three where what is kept of the subject is not what `keepState` says. Default false. With `latest` it is so anyway.
   */
  readonly serial?: boolean;
  /** The provider's account or owner ids and the tenants that they stand for. */
  readonly tenants?: Readonly<Record<string, { readonly name: string }>>;
  /** Accept requests that nothing proves. Only for a source whose provider cannot sign. */
  readonly unsigned?: boolean;
  /** Paths (`header.<name>` or `payload.<path>`) that take the place of the pack's own. */
  readonly type?: string;
  readonly subject?: string;
  readonly revision?: string;
  readonly delivery?: string;
  /**
   * Names of further request headers to keep with each event, where handlers and the console read them. Kept by itself
   * is what is known to be harmless, what the paths above name, and what the pack knows of its provider.
   */
  readonly headers?: readonly string[];
  /** Seconds that the handler may take, at most 850. Default 60. Decides the worker's timeout and lease. */
  readonly timeoutSeconds?: number;
  /** How often a failing handler is tried before the event is dead. Default 10, over about six minutes. */
  readonly attempts?: number;
}

/** How providers reach Inlet. */
export interface IngressConfig {
  /**
   * `function-url`: webhooks go to ingest's own URL, $1.00 per million cheaper, without the gateway's throttle, access
   * log and domain. Default `http-api`. A change changes every webhook URL.
   */
  readonly via?: 'http-api' | 'function-url';
  /** A host name of your own, with a certificate in ACM: of the stack's region, under a firewall of us-east-1. */
  readonly domain?: { readonly name: string; readonly certificateArn: string };
  /**
   * Keep the gateway's own host name open beside `domain`, while providers learn the new one. Default false: nobody
   * passes by what stands in front of the domain.
   */
  readonly defaultEndpoint?: boolean;
  /** CloudFront with WAF in front. Needs `domain`; deploy the stack to us-east-1, where WAF has its rules for CloudFront. */
  readonly firewall?: {
    /** Requests of one address in five minutes. Default 10,000: providers send many webhooks from few addresses. */
    readonly requestsPerAddress?: number;
    /** Address ranges (CIDR) that providers publish, by source: whoever else asks for the source gets 403. */
    readonly addresses?: Readonly<Record<string, readonly string[]>>;
    /**
     * Number of the secret by which CloudFront shows ingest that a request came through it. One more, and a deployment,
     * rotates it. Default 1.
     */
    readonly secret?: number;
  };
  /** Requests a second that the gateway lets through to the webhooks; above it answers 429. Default 1000. */
  readonly requestsPerSecond?: number;
  /** Ingest invocations at the same time, kept free for it and never exceeded. Default: what the account has. */
  readonly concurrency?: number;
}

export interface InletConfig {
  readonly sources: Readonly<Record<string, SourceConfig>>;
  /**
   * The public origin that providers call (`https://hooks.example.com`), for providers that sign the URL.
   * Default: the domain name of the gateway.
   */
  readonly publicUrl?: string;
  /**
   * Days that events and their ledger entries are kept, 30 by default; never less than a provider's retries. At least
   * 15: a message lives for 14 days on the queue, and its entry has to outlive it.
   */
  readonly retentionDays?: number;
  /** Keep payload and headers of every event for inspection and replay. Default true; quarantine and dead letters always. */
  readonly archive?: boolean;
  /**
   * Keep the index that lists events newest first. Default true. Without it quarantined and dead events are listed, and
   * others found by their id.
   */
  readonly listing?: boolean;
  /**
   * As few writes as the promises allow: no archive, no listing (unless they are asked for), and the outcome is what
   * confirms an event. Until then the audit counts it as unconfirmed, and a repeat is put on the queue again. The
   * functions log and count only what went wrong.
   */
  readonly economy?: boolean;
  /**
   * Trace with X-Ray. Default false: Lambda traces the first request of every second and one in twenty of the rest,
   * which cannot be changed, so that a quiet stage pays $5.00 per million for nearly every request.
   */
  readonly tracing?: boolean;
  /**
   * Whether the stage is for production: its data outlives the stack, and is locked against deletion. Default: by its
   * name, which begins with prod, prd or live. `-c production=true|false` of a deployment wins.
   */
  readonly production?: boolean;
  readonly ingress?: IngressConfig;
  /**
   * The console and its login. Default true. Without them the command line is left, which asks by `--stage`; there are
   * no user pools in China, and others in GovCloud (docs/operations.md).
   */
  readonly console?: boolean;
  /**
   * The origin under which people open the console, where it is neither `ingress.domain` nor the gateway's own host
   * name: the login leads back there. Not `publicUrl`, which may lead to the webhooks alone.
   */
  readonly consoleUrl?: string;
  /**
   * Invocations of the worker at the same time, 2 to 1000. Default 5, which leaves room to ingest in a new account
   * (docs/scaling.md): each takes ten events at once, so these are about 250 events a second.
   */
  readonly workerConcurrency?: number;
  /**
   * Where the secrets of the sources lie on AWS: SSM parameters, whose reads are calls of KMS ($0.03 for 10,000), or
   * Secrets Manager, $0.40 a month for each source and $0.05 for 10,000 reads. Default `ssm`. `inlet secret` sets them;
   * they are never written here.
   */
  readonly secrets?: 'ssm' | 'secrets-manager';
  /**
   * Write what is stored as the release before did, until every function is this release's: docs/upgrade.md. Default:
   * this release's own format.
   */
  readonly storedFormat?: Format;
  /**
   * What is kept of a handler's errors with each event that failed: message and stack, which may quote the payload, or the
   * names of their classes alone. Default `full`; on a laptop always so. No log has more than the name.
   */
  readonly errors?: 'full' | 'names';
  /** Who is written to when an alarm rings; has to confirm once. Default: nobody, subscribe to the topic yourself. */
  readonly alarmEmail?: string;
}

/** What of an event is written beside its claim, its outcome and its effect, and in which format everything is. */
export function keeping({ archive, listing, economy = false, storedFormat = FORMAT }: InletConfig): {
  readonly archive: boolean;
  readonly listing: boolean;
  readonly confirmation: boolean;
  readonly format: Format;
} {
  return {
    archive: archive ?? !economy,
    listing: listing ?? !economy,
    confirmation: !economy,
    format: storedFormat,
  };
}

export const DEFAULT_RETENTION_DAYS = 30;
export const DEFAULT_TIMEOUT_SECONDS = 60;
export const DEFAULT_ATTEMPTS = 10;
/** A new account may have no more than 10 concurrent executions in all, and ingest must never wait for one. */
export const DEFAULT_WORKER_CONCURRENCY = 5;
/** Dead letters are rare. Two is the least that an event source takes. */
export const DEAD_LETTERS_CONCURRENCY = 2;
/** Lambda's own limit is 900 s; the rest is for recording the outcome. */
export const MAX_TIMEOUT_SECONDS = 850;

/**
 * Times of the worker that depend on each other: handler < function < lease < visibility. In seconds.
 * The queue's visibility is six times the function's timeout, as AWS asks for an SQS event source
 * (https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html).
 */
export function workerTimes(config: InletConfig): {
  readonly functionTimeout: number;
  readonly lease: number;
  readonly visibility: number;
} {
  const longest = Math.max(
    DEFAULT_TIMEOUT_SECONDS,
    ...Object.values(config.sources).map((source) => source.timeoutSeconds ?? DEFAULT_TIMEOUT_SECONDS),
  );
  const functionTimeout = longest + 20;
  return { functionTimeout, lease: functionTimeout + 10, visibility: functionTimeout * 6 };
}

/**
 * Half an hour: whatever holds an event up and ends by itself does so in half of that. A dead worker's lease lasts 880 s at
 * most, a source that is unknown waits for 15 minutes, and so long is the longest pause after an error of AWS.
 */
const LEAST_LATE_SECONDS = 1_800;

/**
 * Seconds after which an event that still comes back is late: longer than all attempts of a handler may take that hangs
 * every time, and keeps its lease as long as it can.
 */
export function lateAfterSeconds(config: InletConfig): number {
  const { lease } = workerTimes(config);
  const retries = Object.values(config.sources)
    .filter(({ handler }) => handler !== undefined)
    .map(({ attempts = DEFAULT_ATTEMPTS }) => longestRetries(attempts, lease));
  return Math.max(LEAST_LATE_SECONDS, ...retries);
}
