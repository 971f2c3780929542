import { Duration, Stack } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import {
  type CfnApi,
  type CfnStage,
  HttpApi,
  HttpMethod,
  HttpStage,
  LogGroupLogDestination,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import type { IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { InletConfig } from '../functions/shared/config.ts';
import type { Delivery } from './delivery.ts';
import { functionUrl, openDomain } from './front.ts';
import { InletFunction } from './lambda-function.ts';
import { grantSecrets } from './secret-rights.ts';
import type { Stage } from './stage.ts';
import type { Store } from './store.ts';

export interface IngressProps {
  readonly config: InletConfig;
  readonly stage: Stage;
  readonly store: Store;
  readonly delivery: Delivery;
}

/**
 * Requests a second that the gateway lets through, and twice as many at once; above it answers 429 and the provider
 * tries again. At 50 ms each, 1,000 a second keep 50 functions busy.
 */
const REQUESTS_PER_SECOND = 1000;

/** What an account has for all its APIs at once, unless its quota was raised (docs/scaling.md). */
const ACCOUNT_BURST = 5000;

/** The same for everything that is no webhook. */
const ASIDE = { ThrottlingRateLimit: 20, ThrottlingBurstLimit: 40 };

/**
 * One short line a request: every KB costs $0.50 per million. CloudWatch knows the time. No query, no header.
 */
export const ACCESS_LOG = {
  requestId: '$context.requestId',
  ip: '$context.identity.sourceIp',
  method: '$context.httpMethod',
  path: '$context.path',
  status: '$context.status',
  latency: '$context.responseLatency',
  bytes: '$context.responseLength',
  error: '$context.integrationErrorMessage',
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
  /** `https://…` without a slash at the end. */
  readonly origin: string;
  /** Whether webhooks pass the gateway by. */
  readonly isFunctionUrl: boolean;

  constructor(scope: Construct, id: string, { config, stage, store, delivery }: IngressProps) {
    super(scope, id);
    this.secretsPath = `/inlet/${stage.name}`;
    this.ingest = new InletFunction(this, 'Ingest', {
      config,
      stage,
      entry: 'ingest.lambda.ts',
      description: 'Inlet: proves webhooks genuine and puts them on the inbox queue.',
      // It answers within 9 s by itself; the providers' own limit is 10 s.
      timeout: Duration.seconds(10),
      concurrency: config.ingress?.concurrency,
    });
    store.grantTable(this.ingest, 'ledger', 'PutItem', 'UpdateItem', 'GetItem');
    store.grantBodies(this.ingest, 'PutObject');
    delivery.grantSend(this.ingest);
    grantSecrets(this.ingest, this.secretsPath, config);

    const { via = 'http-api' } = config.ingress ?? {};
    this.isFunctionUrl = via === 'function-url';
    this.api = this.#api();
    this.accessLogs = this.#accessLogged(stage, config);
    const own = this.isFunctionUrl ? functionUrl(this.ingest) : openDomain(this, this.api, config.ingress);
    this.origin = config.publicUrl?.replace(/\/$/, '') ?? own ?? this.api.apiEndpoint;
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

  #api(): HttpApi {
    const integration = new HttpLambdaIntegration('Ingest', this.ingest);
    const api = new HttpApi(this, 'Api', {
      apiName: Stack.of(this).stackName,
      createDefaultStage: false,
      // Whatever else is asked for gets Inlet's own 404 with its JSON body.
      defaultIntegration: integration,
    });
    if (!this.isFunctionUrl)
      api.addRoutes({ path: '/webhooks/{proxy+}', methods: [HttpMethod.ANY], integration });
    api.addRoutes({ path: '/health', methods: [HttpMethod.GET], integration });
    // Another logical id would be another host name, and every registered URL would be dead.
    (api.node.defaultChild as CfnApi).overrideLogicalId('HttpApi');
    return api;
  }

  #accessLogged(stage: Stage, { ingress = {} }: InletConfig): LogGroup {
    const logs = new LogGroup(this, 'AccessLogs', {
      retention: RetentionDays.ONE_MONTH,
      removalPolicy: stage.removalPolicy,
    });
    const { requestsPerSecond: rateLimit = REQUESTS_PER_SECOND } = ingress;
    const gateway = new HttpStage(this, 'Stage', {
      httpApi: this.api,
      stageName: '$default',
      autoDeploy: true,
      throttle: { rateLimit, burstLimit: Math.min(rateLimit * 2, ACCOUNT_BURST) },
      accessLogSettings: {
        destination: new LogGroupLogDestination(logs),
        format: AccessLogFormat.custom(JSON.stringify(ACCESS_LOG)),
      },
    });
    // Whoever looks for holes gets little of what the webhooks need.
    const deployed = gateway.node.defaultChild as CfnStage;
    for (const route of ['$default', 'GET /health'])
      deployed.addPropertyOverride(`RouteSettings.${route}`, ASIDE);
    deployed.node.addDependency(this.api);
    return logs;
  }
}
