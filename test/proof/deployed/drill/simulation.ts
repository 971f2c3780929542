/** A deployed form with everything around it that a drill meets, in which half an hour passes in seconds. */
import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import type { Pace } from '../../../../cli/drill/pace.ts';
import { TEST_ENVIRONMENT } from '../../../helpers/sigv4.ts';
import { type Cloud, createCloud } from '../cloud.ts';
import { type DeployedFunction, startFunction } from '../deployment.ts';
import { ACCOUNT, type Created, REGION } from '../intrinsics.ts';
import type { Deployment } from '../site.ts';
import { SimulatedClock } from './clock.ts';
import { CloudWatchStandIn } from './cloudwatch.ts';
import { startControlPlane } from './control-plane.ts';
import { startGatewayServer } from './gateway-server.ts';
import { LambdaStandIn } from './lambda.ts';
import { LogStore } from './log-store.ts';
import { MetricStore } from './metric-store.ts';

export interface Simulation {
  readonly cloud: Cloud;
  readonly functions: readonly DeployedFunction[];
  readonly lambda: LambdaStandIn;
  readonly cloudwatch: CloudWatchStandIn;
  /** For the drill: a pause lets the simulated time pass, and everything in it. */
  readonly pace: Pace;
  /** Where the clients of AWS find the stand-ins. */
  readonly environment: Record<string, string>;
  /** Lets the event sources hand over what waits, at the present time. */
  step(): Promise<void>;
  /** Lets so many milliseconds go by for the queues, and nothing else happens: what is hidden comes out. */
  pass(milliseconds: number): void;
  /** Is called before every half minute. */
  onTick: (() => Promise<void> | void) | undefined;
  close(): Promise<void>;
}

const TICK = 30_000;
const MINUTE = 60_000;

export async function simulate({ template, assets, secrets }: Deployment): Promise<Simulation> {
  const clock = new SimulatedClock();
  clock.install();
  const parameters = Object.entries(secrets).map(([source, secret]) => [
    `/inlet/dev/${source}`,
    JSON.stringify([secret]),
  ]);
  const cloud = await createCloud(template, Object.fromEntries(parameters));
  const gateway = await startGatewayServer(template);
  const created = cloud.created as Map<string, Created>;
  for (const [id] of template.ofType('AWS::ApiGatewayV2::Api'))
    created.set(id, { ref: 'api', attributes: { ApiEndpoint: gateway.origin } });
  for (const [id] of template.ofType('AWS::SNS::Topic'))
    created.set(id, { ref: `arn:aws:sns:${REGION}:${ACCOUNT}:${id}`, attributes: {} });
  for (const [id] of template.ofType('AWS::IAM::ManagedPolicy'))
    created.set(id, { ref: `arn:aws:iam::${ACCOUNT}:policy/${id}`, attributes: {} });
  const functions: DeployedFunction[] = await Promise.all(
    template.ofType('AWS::Lambda::Function').map((fn) => startFunction(template, assets, cloud, fn)),
  );
  const metrics = new MetricStore();
  const logs = new LogStore(template, metrics);
  const lambda = new LambdaStandIn(template, cloud, functions, metrics);
  const cloudwatch = new CloudWatchStandIn(template, cloud, metrics);
  gateway.connect(lambda, cloud);

  const collect = async () => {
    const taken = functions.map(({ logGroup, process }) => [logGroup, process.lines.splice(0)] as const);
    logs.write({ ...Object.fromEntries(taken), [gateway.logGroup]: gateway.lines.splice(0) }, Date.now());
  };
  const outputs = Object.fromEntries(
    Object.entries(template.outputs).map(([name, { Value }]) => [name, String(cloud.resolve(Value))]),
  );
  const controls = await startControlPlane({ outputs, cloudwatch, logs, lambda, collect });
  const waiting = new Map<string, number>();
  const simulation: Simulation = {
    cloud,
    functions,
    lambda,
    cloudwatch,
    onTick: undefined,
    step: async () => {
      await lambda.poll();
      await collect();
    },
    pass: (milliseconds) => clock.advance(milliseconds),
    environment: {
      ...Object.fromEntries(
        ['CLOUDFORMATION', 'CLOUDWATCH', 'CLOUDWATCH_LOGS', 'LAMBDA'].map((service) => [
          `AWS_ENDPOINT_URL_${service}`,
          controls.endpoint,
        ]),
      ),
      AWS_ENDPOINT_URL_DYNAMODB: cloud.standIns.dynamodb,
      AWS_ENDPOINT_URL_SQS: cloud.standIns.sqs,
      AWS_ENDPOINT_URL_S3: cloud.standIns.sqs,
      AWS_ENDPOINT_URL_SSM: cloud.standIns.ssm,
      AWS_REGION: REGION,
      ...TEST_ENVIRONMENT,
    },
    pace: {
      now: Date.now,
      async pause(milliseconds) {
        for (let rest = milliseconds; rest > 0; rest -= TICK) {
          await simulation.onTick?.();
          await simulation.step();
          const minute = Math.floor(Date.now() / MINUTE);
          clock.advance(Math.min(rest, TICK));
          if (Math.floor(Date.now() / MINUTE) === minute) continue;
          await measureQueues(cloud, metrics, waiting);
          cloudwatch.evaluate(Math.floor(Date.now() / MINUTE) * MINUTE);
        }
      },
    },
    close: async () => {
      await Promise.all(functions.flatMap(({ process, door }) => [process.stop(), door.close()]));
      await Promise.all([gateway.close(), controls.close(), cloud.close()]);
      clock.restore();
    },
  };
  return simulation;
}

/** What SQS says of each queue every minute. `waiting`: since when something has been there. */
async function measureQueues(
  cloud: Cloud,
  metrics: MetricStore,
  waiting: Map<string, number>,
): Promise<void> {
  for (const [id, { ref, attributes }] of cloud.created) {
    if (attributes.QueueName === undefined) continue;
    const { Attributes = {} } = await cloud.sqs.send(
      new GetQueueAttributesCommand({ QueueUrl: ref, AttributeNames: ['All'] }),
    );
    const visible = Number(Attributes.ApproximateNumberOfMessages);
    const hidden = Number(Attributes.ApproximateNumberOfMessagesNotVisible);
    if (visible + hidden === 0) waiting.delete(id);
    else if (!waiting.has(id)) waiting.set(id, Date.now());
    const age = (Date.now() - (waiting.get(id) ?? Date.now())) / 1000;
    // The minute that has just ended.
    const at = Math.floor(Date.now() / MINUTE) * MINUTE - 1;
    const add = (name: string, value: number) =>
      metrics.add({ namespace: 'AWS/SQS', name, dimensions: { QueueName: id } }, at, value);
    add('ApproximateNumberOfMessagesVisible', visible);
    // Only while there are some
    // (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html).
    if (hidden > 0) add('ApproximateNumberOfMessagesNotVisible', hidden);
    add('ApproximateAgeOfOldestMessage', age);
  }
}
