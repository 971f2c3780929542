import { ArnFormat, Duration, Stack } from 'aws-cdk-lib';
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
import { providers } from '#providers';
import type { InletConfig, SourceConfig } from '../functions/shared/config.ts';
import { managedName } from '../functions/shared/secrets-manager.ts';
import { optionsOf } from '../functions/shared/sources.ts';
import { schemeOf } from '../functions/verification/verify.ts';
import type { Delivery } from './delivery.ts';
import { functionUrl, openDomain } from './front.ts';
import { InletFunction } from './lambda-function.ts';
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

/** Whether ingest looks up secrets of a source: not where everything is proven by public keys. */
function asksForSecret(source: SourceConfig | undefined): boolean {
  const provider = providers[source?.provider ?? ''];
  if (!source || !provider) return false;
  if (provider.handshakes?.length) return true;
  const scheme = schemeOf(provider, optionsOf(source));
  return !(scheme.kind === 'unsigned' || (scheme.kind === 'custom' && scheme.withoutSecret));
}

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
    this.#grantSecrets(this.ingest, config);

    const { via = 'http-api' } = config.ingress ?? {};
    this.isFunctionUrl = via === 'function-url';
    this.api = this.#api();
    this.accessLogs = this.#accessLogged(stage, config);
    const own = this.isFunctionUrl ? functionUrl(this.ingest) : openDomain(this, this.api, config.ingress);
    this.origin = config.publicUrl?.replace(/\/$/, '') ?? own ?? this.api.apiEndpoint;
  }

  /**
   * Each source's parameter or secret by name, whether it exists already or not. Using one under the account's own key
   * (`aws/ssm`, `aws/secretsmanager`) takes no right on the key: its policy admits everybody whom the service admits
   * (https://docs.aws.amazon.com/kms/latest/developerguide/services-parameter-store.html,
   * https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html).
   */
  #grantSecrets(fn: InletFunction, { sources, secrets }: InletConfig): void {
    const managed = secrets === 'secrets-manager';
    const arns = (names: readonly string[]) => (managed ? this.#secrets(names) : this.#parameters(names));
    const names = Object.keys(sources).filter((name) => asksForSecret(sources[name]));
    const read = managed ? 'secretsmanager:GetSecretValue' : 'ssm:GetParameter';
    fn.give('secretsPath', this.secretsPath, arns(names), [read]);

    // A provider that hands its key over in a handshake makes ingest write: the key, and that the window is used.
    const handedOver = names.filter((name) => providers[sources[name]?.provider ?? '']?.secret.handedOver);
    if (handedOver.length === 0) return;
    const windows = this.#parameters(handedOver.map((name) => `${name}/window`));
    fn.allow(windows, ['ssm:GetParameter', 'ssm:PutParameter']);
    const write = managed
      ? ['secretsmanager:CreateSecret', 'secretsmanager:PutSecretValue']
      : ['ssm:PutParameter'];
    fn.allow(arns(handedOver), write);
  }

  /** ARNs of parameters below the secrets' path. */
  #parameters(names: readonly string[]): string[] {
    const resource = `parameter${this.secretsPath}`;
    return names.map((resourceName) => Stack.of(this).formatArn({ service: 'ssm', resource, resourceName }));
  }

  /**
   * ARNs of secrets. Each ends in a hyphen and six characters that nobody knows before the secret is created; six
   * question marks fit them, where a star would fit longer names as well
   * (https://docs.aws.amazon.com/secretsmanager/latest/userguide/permissions_grant-limited-resources.html). A secret that
   * is not there yet has none: without a right on the bare name it would be refused, not missing.
   */
  #secrets(sources: readonly string[]): string[] {
    return sources.flatMap((source) =>
      ['', '-??????'].map((suffix) =>
        Stack.of(this).formatArn({
          service: 'secretsmanager',
          resource: 'secret',
          resourceName: `${managedName(this.secretsPath, source)}${suffix}`,
          arnFormat: ArnFormat.COLON_RESOURCE_NAME,
        }),
      ),
    );
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
