import { Aws, Duration, Fn, RemovalPolicy } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import {
  type CfnStage,
  HttpApi,
  HttpMethod,
  type HttpRoute,
  HttpStage,
  LogGroupLogDestination,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import type { IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { InletConfig } from '../functions/config/config.ts';
import { type Front, functionUrl, openDomain } from './front.ts';
import { InletFunction } from './lambda-function.ts';
import { keepId, type Place } from './place.ts';
import type { Processing } from './processing.ts';
import { grantSecrets } from './secret-rights.ts';
import type { Store } from './store.ts';

export interface IngressProps {
  readonly config: InletConfig;
  readonly stage: Place;
  readonly store: Store;
  readonly processing: Processing;
}

/**
 * Requests a second that the gateway lets through, and twice as many at once; above it answers 429 and the provider
 * tries again. At 50 ms each, 1,000 a second keep 50 functions busy.
 */
const REQUESTS_PER_SECOND = 1000;

/** What an account has for all its APIs at once, unless its quota was raised (docs/scaling.md). */
const ACCOUNT_BURST = 5000;

/**
 * The same for everything that has no settings of its own. They are the stage's default, because routes have settings
 * by their method and path, and nothing says whether `$default` is taken for one
 * (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-throttling.html).
 */
const ASIDE = { rateLimit: 20, burstLimit: 40 };

/** Key of the route that all webhooks take. */
const WEBHOOKS = 'ANY /webhooks/{proxy+}';

/**
 * One short line a request: every KB costs $0.50 per million. CloudWatch knows the time. No query, no header, and no
 * text of an error: the gateway puts values in as they are, and a quotation mark in one would make the line unreadable.
 * `lambda` is Lambda's own status, `error` one word for an answer that the gateway gave by itself
 * (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging-variables.html). The path, which is what
 * a sender makes it, comes first, so that it cannot take the place of what follows.
 */
export const ACCESS_LOG = {
  path: '$context.path',
  requestId: '$context.requestId',
  ip: '$context.identity.sourceIp',
  method: '$context.httpMethod',
  status: '$context.status',
  latency: '$context.responseLatency',
  bytes: '$context.responseLength',
  lambda: '$context.integration.integrationStatus',
  error: '$context.error.responseType',
};

/** The public side: the HTTP API and the function behind all of its routes. */
export class Ingress extends Construct {
  readonly ingest: InletFunction;
  readonly api: HttpApi;
  readonly accessLogs: LogGroup;
  /**
   * Where the secrets lie: SSM parameters `<path>/<source>`, or secrets of Secrets Manager by the same names without the
   * first slash. They are set apart from the stack.
   */
  readonly secretsPath: string;
  /** Where providers send their webhooks: `https://…` without a slash at the end. */
  readonly origin: string;
  /** Where the gateway's routes are reached, in the same form. Neither a function URL nor `publicUrl` need lead there. */
  readonly gatewayOrigin: string;
  /** CloudFront with its firewall, where there is one. */
  readonly front: Front | undefined;
  /** Whether webhooks pass the gateway by. */
  readonly isFunctionUrl: boolean;
  readonly #deployed: HttpStage;

  constructor(scope: Construct, id: string, { config, stage, store, processing }: IngressProps) {
    super(scope, id);
    this.secretsPath = `/inlet/${stage.name}`;
    this.ingest = new InletFunction(this, 'Ingest', {
      config,
      stage,
      entry: 'ingest.lambda',
      description: 'Inlet: proves webhooks genuine and puts them on the inbox queue.',
      // It answers within 9 s by itself; the providers' own limit is 10 s.
      timeout: Duration.seconds(10),
      concurrency: config.ingress?.concurrency,
    });
    store.grantTable(this.ingest, 'ledger', 'PutItem', 'UpdateItem', 'GetItem');
    store.grantBodies(this.ingest, 'PutObject');
    processing.grantSend(this.ingest);
    grantSecrets(this.ingest, this.secretsPath, config);

    const { via = 'http-api' } = config.ingress ?? {};
    this.isFunctionUrl = via === 'function-url';
    this.api = this.#api(config, stage);
    this.accessLogs = this.#accessLogs(stage);
    this.#deployed = this.#deploy(config);
    const { api, ingest } = this;
    const opened = openDomain(this, { stage, api, deployed: this.#deployed, ingest }, config.ingress);
    this.front = opened?.front;
    this.gatewayOrigin = opened?.origin ?? this.api.apiEndpoint;
    const own = this.isFunctionUrl ? functionUrl(this.ingest, stage) : this.gatewayOrigin;
    this.origin = config.publicUrl?.replace(/\/$/, '') ?? own;
  }

  /**
   * From the request to its answer, in milliseconds. Of the gateway it is the function's own time, which leaves out the
   * start of an environment: the gateway's `Latency` has it, but also the console, whose audit may take 29 s, and
   * metrics by route cost (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-metrics.html).
   */
  latency(period: Duration, statistic: string): IMetric {
    const metric = this.isFunctionUrl ? 'UrlRequestLatency' : 'Duration';
    return this.ingest.metric(metric, { period, statistic, label: statistic });
  }

  /**
   * Leads further paths of the gateway to a function.
   * @param limits of each route: requests a second, and at once.
   */
  addRoutes(
    id: string,
    fn: InletFunction,
    paths: readonly (readonly [path: string, ...methods: HttpMethod[]])[],
    limits: { readonly rate: number; readonly burst: number },
  ): void {
    const integration = new HttpLambdaIntegration(id, fn);
    const routes = paths.flatMap(([path, ...methods]) => this.api.addRoutes({ path, methods, integration }));
    const deployed = this.#deployed.node.defaultChild as CfnStage;
    for (const route of routes) {
      throttle(this.#deployed, routeKey(route), limits.rate, limits.burst);
      // Settings of a route that is not there yet are refused.
      deployed.node.addDependency(route);
    }
  }

  #api({ ingress: { domain, firewall, defaultEndpoint = false } = {} }: InletConfig, stage: Place): HttpApi {
    const integration = new HttpLambdaIntegration('Ingest', this.ingest);
    const api = new HttpApi(this, 'Api', {
      apiName: stage.title,
      createDefaultStage: false,
      // CloudFront comes by it, and shows ingest that it does.
      disableExecuteApiEndpoint: domain !== undefined && firewall === undefined && !defaultEndpoint,
      // Whatever else is asked for gets Inlet's own 404 with its JSON body.
      defaultIntegration: integration,
    });
    // Beside a function URL, too: the URLs of before go on working while providers learn the new ones, and of a route
    // that went its settings would stay.
    api.addRoutes({ path: '/webhooks/{proxy+}', methods: [HttpMethod.ANY], integration });
    api.addRoutes({ path: '/health', methods: [HttpMethod.GET], integration });
    // Another logical id would be another host name, and every registered URL would be dead.
    keepId(api, stage, 'HttpApi');
    return api;
  }

  #accessLogs({ title }: Place): LogGroup {
    // Groups under this prefix need no line in the account's policy for log delivery, which ends at 5,120 characters
    // (https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-and-resource-policy.html). A fixed name must be
    // free whenever the group is made: the last part of a stack's id is new for each stack, and this group goes with the
    // template that has it. Kept, it would stop an upgrade that was rolled back, or that follows a way back to 0.1.0,
    // whose group has a name that CloudFormation makes up. Hence also an id that 0.1.0 has not: a replacement might go
    // by the policy of 0.1.0, which keeps.
    return new LogGroup(this, 'GatewayLogs', {
      logGroupName: `/aws/vendedlogs/${title}/${Fn.select(2, Fn.split('/', Aws.STACK_ID))}`,
      retention: RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
  }

  #deploy({ ingress = {} }: InletConfig): HttpStage {
    const { requestsPerSecond: rateLimit = REQUESTS_PER_SECOND } = ingress;
    const gateway = new HttpStage(this, 'Stage', {
      httpApi: this.api,
      stageName: '$default',
      autoDeploy: true,
      // Whoever looks for holes gets little of what the webhooks need.
      throttle: ASIDE,
      accessLogSettings: {
        destination: new LogGroupLogDestination(this.accessLogs),
        format: AccessLogFormat.custom(JSON.stringify(ACCESS_LOG)),
      },
    });
    throttle(gateway, WEBHOOKS, rateLimit, Math.min(rateLimit * 2, ACCOUNT_BURST));
    // Settings of a route that is not there yet are refused.
    (gateway.node.defaultChild as CfnStage).node.addDependency(this.api);
    return gateway;
  }
}

function throttle(gateway: HttpStage, route: string, rate: number, burst: number): void {
  (gateway.node.defaultChild as CfnStage).addPropertyOverride(`RouteSettings.${route}`, {
    ThrottlingRateLimit: rate,
    ThrottlingBurstLimit: burst,
  });
}

/** `GET /console`. The dots of an override's path are escaped; a route's key has none. */
function routeKey(route: HttpRoute): string {
  const { routeKey: key } = route.node.defaultChild as unknown as { routeKey: string };
  return key;
}
