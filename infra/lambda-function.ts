import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Duration } from 'aws-cdk-lib';
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
import type { InletConfig } from '../functions/shared/config.ts';
import { Env } from '../functions/shared/names.ts';
import { bundleFunction } from './bundle.ts';
import type { Stage } from './stage.ts';

export interface InletFunctionProps {
  /** File in `functions/` that exports `handler`. */
  readonly entry: string;
  readonly description: string;
  readonly config: InletConfig;
  readonly stage: Stage;
  readonly timeout: Duration;
  /** MB. Default 256, the floor at which the first invocation stops being slow. */
  readonly memorySize?: number;
}

/** The one default for every function. Its rights come from `give` and `allow` and from nowhere else. */
export class InletFunction extends LambdaFunction {
  readonly logs: LogGroup;

  constructor(scope: Construct, id: string, props: InletFunctionProps) {
    const { entry, description, config, stage, timeout, memorySize = 256 } = props;
    const logs = new LogGroup(scope, `${id}Logs`, {
      retention: RetentionDays.ONE_MONTH,
      removalPolicy: stage.removalPolicy,
    });
    // A role of its own: the managed policy that CDK would attach lets a function write to every log group.
    const role = new Role(scope, `${id}Role`, { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    logs.grantWrite(role);

    const folder = join(mkdtempSync(join(tmpdir(), 'inlet-bundle-')), id);
    bundleFunction(`functions/${entry}`, config, folder);
    super(scope, id, {
      description,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      handler: 'index.handler',
      code: Code.fromAsset(folder),
      timeout,
      memorySize,
      role,
      logGroup: logs,
      loggingFormat: LoggingFormat.JSON,
      applicationLogLevelV2: ApplicationLogLevel.INFO,
      // START and REPORT of every invocation would cost more than the event's own log line.
      systemLogLevelV2: SystemLogLevel.WARN,
    });
    this.logs = logs;
    this.addEnvironment(Env.metricsNamespace, stage.metrics);
    if (config.tracing) this.#trace();
    // CDK has copied it.
    rmSync(join(folder, '..'), { recursive: true });
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
