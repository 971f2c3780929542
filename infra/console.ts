import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Duration, Stack } from 'aws-cdk-lib';
import { HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2';
import { Code, LayerVersion } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { InletConfig } from '../functions/config/config.ts';
import { Env, ListingIndex } from '../functions/core/names.ts';
import { ASSETS_FILE, bundleConsole } from './bundle/console.ts';
import type { Ingress } from './ingress.ts';
import { InletFunction } from './lambda-function.ts';
import { Login } from './login.ts';
import { addOutput, type Place } from './place.ts';
import type { Processing } from './processing.ts';
import type { Store } from './store.ts';

export interface ConsoleProps {
  readonly config: InletConfig;
  readonly stage: Place;
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
const THROTTLE = { rate: 40, burst: 80 };

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
      entry: 'console.lambda',
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
    ingress.addRoutes(
      'Console',
      this.fn,
      [
        ['/console', HttpMethod.GET],
        ['/console/{proxy+}', HttpMethod.GET],
        ['/api/{proxy+}', HttpMethod.GET, HttpMethod.POST],
      ],
      THROTTLE,
    );
    addOutput(stage, 'ConsoleUrl', url, 'The console.');
    addOutput(
      stage,
      'UserPoolId',
      this.login.pool.userPoolId,
      'Who may open the console: make users here; those in the group operators may replay, redrive and reclaim.',
    );
    addOutput(stage, 'ConsoleLogs', this.fn.logs.logGroupName, 'Log group of the console.');
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
}
