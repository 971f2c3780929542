import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Duration, Stack } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  ApplicationLogLevel,
  Architecture,
  type CfnFunction,
  Code,
  Function as LambdaFunction,
  LoggingFormat,
  Runtime,
  SystemLogLevel,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { HandlerModules } from '../config/load.ts';
import type { InletConfig } from '../functions/config/config.ts';
import { Env } from '../functions/core/names.ts';
import { ownFile } from './bundle/own-file.ts';
import { bundleFunction } from './bundle.ts';
import type { Stage } from './stage.ts';

export interface InletFunctionProps {
  /** File in `functions/`, without its extension. */
  readonly entry: string;
  readonly description: string;
  readonly config: InletConfig;
  /** Where the handlers are, for the function that runs them. */
  readonly handlers?: HandlerModules | undefined;
  readonly stage: Stage;
  readonly timeout: Duration;
  /** MB. Default 256, the floor at which the first invocation stops being slow. */
  readonly memorySize?: number;
  /** Invocations at the same time: kept free for it, and never exceeded. Default: what the account has. */
  readonly concurrency?: number | undefined;
}

/** Files of the bundles of this process, by what they were made from: a test synthesizes many times. */
const bundles = new Map<string, readonly { readonly name: string; readonly content: Buffer }[]>();

/** Bundles a function into a new folder. */
function bundled(
  entry: string,
  {
    ingress,
    alarmEmail: _email,
    tracing: _tracing,
    production: _production,
    console: _console,
    consoleUrl: _consoleUrl,
    workerConcurrency: _concurrency,
    ...config
  }: InletConfig,
  handlers: HandlerModules = {},
): string {
  // Only what functions read, so that a change of the rest deploys no function anew.
  const publicUrl = config.publicUrl ?? (ingress?.domain && `https://${ingress.domain.name}`);
  const read: InletConfig = publicUrl === undefined ? config : { ...config, publicUrl };
  const key = JSON.stringify([entry, read, handlers]);
  const folder = join(mkdtempSync(join(tmpdir(), 'inlet-bundle-')), 'function');
  const known = bundles.get(key);
  if (known) {
    mkdirSync(folder);
    for (const { name, content } of known) writeFileSync(join(folder, name), content);
  } else {
    bundleFunction(ownFile(`functions/${entry}`), read, folder, handlers);
    bundles.set(
      key,
      readdirSync(folder).map((name) => ({ name, content: readFileSync(join(folder, name)) })),
    );
  }
  return folder;
}

/**
 * Stands in for the code where nobody deploys it. CDK says when: `cdk list` and `cdk destroy` have no use for it, and
 * neither has a test that looks at the template alone.
 */
function placeholder(): string {
  const folder = join(mkdtempSync(join(tmpdir(), 'inlet-bundle-')), 'function');
  mkdirSync(folder);
  writeFileSync(join(folder, 'index.mjs'), '// Not bundled: this stack is not to be deployed.\n');
  return folder;
}

/** The one default for every function. It may write its own log; all its other rights come from `give` and `allow`. */
export class InletFunction extends LambdaFunction {
  readonly logs: LogGroup;

  constructor(scope: Construct, id: string, props: InletFunctionProps) {
    const { entry, description, config, handlers, stage, timeout, memorySize = 256, concurrency } = props;
    const logs = new LogGroup(scope, `${id}Logs`, {
      retention: RetentionDays.ONE_MONTH,
      removalPolicy: stage.removalPolicy,
    });
    // A role of its own: the managed policy that CDK would attach lets a function write to every log group.
    const role = new Role(scope, `${id}Role`, { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    logs.grantWrite(role);

    const folder = Stack.of(scope).bundlingRequired ? bundled(entry, config, handlers) : placeholder();
    super(scope, id, {
      description,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      handler: 'index.handler',
      code: Code.fromAsset(folder),
      timeout,
      memorySize,
      ...(concurrency !== undefined && { reservedConcurrentExecutions: concurrency }),
      role,
      logGroup: logs,
      loggingFormat: LoggingFormat.JSON,
      applicationLogLevelV2: ApplicationLogLevel.INFO,
      // START and REPORT of every invocation would cost more than the event's own log line.
      systemLogLevelV2: SystemLogLevel.WARN,
    });
    this.logs = logs;
    // CDK has copied it.
    rmSync(join(folder, '..'), { recursive: true });
    if (config.tracing) this.#trace();
  }

  /** The two actions know no resources (https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsx-ray.html). */
  #trace(): void {
    (this.node.defaultChild as CfnFunction).tracingConfig = { mode: 'Active' };
    this.allow(['*'], ['xray:PutTraceSegments', 'xray:PutTelemetryRecords']);
  }

  /** Gives the function the name of a resource and the rights to use it together, so that neither is forgotten. */
  give(
    variable: keyof typeof Env,
    value: string,
    resources: readonly string[],
    actions: readonly string[],
  ): void {
    this.addEnvironment(Env[variable], value);
    this.allow(resources, actions);
  }

  /** Exactly these actions on exactly these ARNs. */
  allow(resources: readonly string[], actions: readonly string[]): void {
    if (resources.length > 0)
      this.addToRolePolicy(new PolicyStatement({ actions: [...actions], resources: [...resources] }));
  }
}
