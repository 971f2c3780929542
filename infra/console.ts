import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import { type CfnStage, type HttpApi, HttpMethod, type HttpRoute } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { Code, LayerVersion } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { InletConfig } from '../functions/config/config.ts';
import { Env, ListingIndex } from '../functions/core/names.ts';
import { ASSETS_FILE, bundleConsole } from './bundle/console.ts';
import type { Ingress } from './ingress.ts';
import { InletFunction } from './lambda-function.ts';
import { Login } from './login.ts';
import type { Processing } from './processing.ts';
import type { Stage } from './stage.ts';
import type { Store } from './store.ts';

export interface ConsoleProps {
  readonly config: InletConfig;
  readonly stage: Stage;
  readonly store: Store;
  readonly processing: Processing;
  readonly ingress: Ingress;
}

/** Where a layer appears in the file system of a function. */
const LAYER = '/opt';

/**
 * Requests a second, and at once, that each route lets through. A page that is watched asks less than twice a
 * second, so twenty people can watch; whoever guesses tokens gets nowhere, and cannot take the functions away from
 * ingest.
 */
const THROTTLE = { ThrottlingRateLimit: 40, ThrottlingBurstLimit: 80 };

/** The operator's side: the page and the read API, behind a login of their own. */
export class Console extends Construct {
  readonly fn: InletFunction;
  readonly login: Login;

  constructor(scope: Construct, id: string, { config, stage, store, processing, ingress }: ConsoleProps) {
    super(scope, id);
    const url = `${config.consoleUrl?.replace(/\/$/, '') ?? ingress.gatewayOrigin}/console`;
    this.login = new Login(this, 'Login', { stage, consoleUrl: url });
    this.fn = new InletFunction(this, 'Console', {
      config,
      stage,
      entry: 'console.lambda.ts',
      description: 'Inlet: the console and the read API.',
      // The gateway waits no longer; the audit of a large table needs it.
      timeout: Duration.seconds(29),
      // The audit holds what is in flight, and decompresses payloads by the hundred for a chart.
      memorySize: 512,
    });
    this.#bringPage();
    this.#grant(store, processing);
    this.fn.addEnvironment(Env.userPoolId, this.login.pool.userPoolId);
    this.fn.addEnvironment(Env.userPoolClientId, this.login.client.userPoolClientId);
    this.fn.addEnvironment(Env.loginDomain, this.login.host);
    this.#route(ingress);
    new CfnOutput(Stack.of(this), 'ConsoleUrl', { value: url, description: 'The console.' });
    new CfnOutput(Stack.of(this), 'UserPoolId', {
      value: this.login.pool.userPoolId,
      description:
        'Who may open the console: make users here; those in the group operators may replay, redrive and reclaim.',
    });
    new CfnOutput(Stack.of(this), 'ConsoleLogs', {
      value: this.fn.logs.logGroupName,
      description: 'Log group of the console.',
    });
  }

  /** As a layer: the page changes when the page changes, and the function does not read it until it is asked for. */
  #bringPage(): void {
    const folder = mkdtempSync(join(tmpdir(), 'inlet-console-'));
    if (Stack.of(this).bundlingRequired) bundleConsole(folder);
    const layer = new LayerVersion(this, 'Page', { code: Code.fromAsset(folder) });
    rmSync(folder, { recursive: true });
    this.fn.addLayers(layer);
    this.fn.addEnvironment(Env.consoleAssets, `${LAYER}/${ASSETS_FILE}`);
  }

  /** Reads everything; it changes what a redrive reopens and keeps on, ends leases, and sends to the inbox. No secrets. */
  #grant(store: Store, processing: Processing): void {
    store.grantTable(this.fn, 'ledger', 'GetItem', 'BatchGetItem', 'Scan', 'UpdateItem');
    const index = `${store.tables.ledger.tableArn}/index/${ListingIndex.name}`;
    this.fn.allow([index], ['dynamodb:Query']);
    store.grantTable(this.fn, 'subjects', 'GetItem', 'BatchGetItem', 'Scan', 'UpdateItem');
    store.grantTable(this.fn, 'archive', 'GetItem', 'BatchGetItem', 'UpdateItem');
    store.grantTable(this.fn, 'effects', 'GetItem');
    store.grantBodies(this.fn, 'GetObject', 'PutObject');
    processing.grantSend(this.fn);
    const { queueUrl, queueArn } = processing.deadLetterQueue;
    this.fn.give('deadLetterQueueUrl', queueUrl, [queueArn], ['sqs:GetQueueAttributes']);
    this.fn.allow([processing.inbox.queueArn], ['sqs:GetQueueAttributes']);
  }

  #route({ api, node }: Ingress): void {
    const integration = new HttpLambdaIntegration('Console', this.fn);
    const add = (path: string, ...methods: HttpMethod[]): HttpRoute[] =>
      (api as HttpApi).addRoutes({ path, methods, integration });
    const routes = [
      ...add('/console', HttpMethod.GET),
      ...add('/console/{proxy+}', HttpMethod.GET),
      ...add('/api/{proxy+}', HttpMethod.GET, HttpMethod.POST),
    ];
    const stage = node.findChild('Stage').node.defaultChild as CfnStage;
    for (const route of routes) {
      stage.addPropertyOverride(`RouteSettings.${routeKey(route)}`, THROTTLE);
      // Settings of a route that is not there yet are refused.
      stage.node.addDependency(route);
    }
  }
}

/** `GET /console`. The dots of an override's path are escaped; a route's key has none. */
function routeKey(route: HttpRoute): string {
  const { routeKey: key } = route.node.defaultChild as unknown as { routeKey: string };
  return key;
}
