/**
 * Findings of cdk-nag that stay, each with the reason. test/unit/infra/nag.test.ts runs the packs AwsSolutions and
 * Serverless and wants no other finding, and none of these without its resource.
 */
import { type CfnElement, Stack, Validations } from 'aws-cdk-lib';
import type { InletConfig } from '../functions/config/config.ts';
import { providers } from '../functions/providers/index.ts';
import type { Ingress } from './ingress.ts';
import type { Place } from './place.ts';
import type { Store } from './store.ts';

export interface Acknowledgement {
  /** Path of the resource in the stack. */
  readonly path: string;
  /** The finding, exactly. */
  readonly id: string;
  readonly reason: string;
}

const ONLY_BODIES =
  'The objects under bodies/ are named by the hashes of an event and of its body that nobody knows beforehand. The prefix is the narrowest resource there is, and the bucket holds nothing else there.';
const ONLY_SECRETS =
  'Ingest proves requests of every source, and nothing but their secrets lies under the path of the stage. A right for each source outgrows what IAM takes at some dozens of sources.';
const ONE_STACK = 'It is the stack itself, whose id is not known before it exists.';
const METRICS =
  'Metrics are no resources to IAM, so that this right is one for all of them. It reads numbers and changes nothing.';
const ONLY_WINDOWS =
  'A window lets a provider hand its key over once. Which key may be stored is a right for each source.';
const PROVEN_BY_SIGNATURE =
  'Providers cannot sign for IAM and have no token of ours. Every request is proven by its provider’s own signature in ingest, before any AWS call.';
const ASKED_BY_QUEUE =
  'A dead letter target takes failed asynchronous invocations. This function is invoked by an SQS event source, whose queue keeps what failed.';
const QUEUE_KEEPS =
  'A destination for failures is for streams. What fails goes back to its queue, which redrives it to the dead-letter queue after 50 receives.';
const TRACING =
  'Lambda traces the first request of every second, whatever one sets: at list price nearly every request of a quiet stage for $5.00 per million. `tracing: true` switches it on; the ids in the log lead through all functions without it.';

const CONSOLE_PAGE = 'The page itself holds no data: it is what asks for the login.';
const CONSOLE_TOKEN =
  'The function checks the user pool’s token and its group itself, and answers 401 in the form of the read API; an authorizer of the gateway would check the same once more.';

const ROUTES: Readonly<Record<string, string>> = {
  DefaultRoute: 'It leads to ingest, which answers 404 to everything that is no source.',
  'ANY--webhooks--{proxy+}': PROVEN_BY_SIGNATURE,
  'GET--health': 'It says that Inlet is up and nothing else.',
  'GET--console': CONSOLE_PAGE,
  'GET--console--{proxy+}': CONSOLE_PAGE,
  'GET--api--{proxy+}': CONSOLE_TOKEN,
  'POST--api--{proxy+}': CONSOLE_TOKEN,
};

const LOGIN: Readonly<Record<string, string>> = {
  'AwsSolutions-COG2':
    'A second factor is offered and not forced: who deploys Inlet decides for the people who read it. `mfa: Mfa.REQUIRED` in infra/login.ts forces it.',
  'AwsSolutions-COG8':
    'The paid plan adds threat protection for public sign-ups at a price for each user. Nobody can sign up here: operators are made by hand.',
};

const FRONT: Readonly<Record<string, string>> = {
  'AwsSolutions-CFR1':
    'Providers send from wherever their servers are, which they do not announce by country. Published address ranges are what `ingress.firewall.addresses` is for.',
  'AwsSolutions-CFR3':
    'Every request that passes is in the access log of the gateway behind it, and WAF keeps samples of those that do not. A second log of the same would cost a bucket and say nothing more.',
};

const FRONT_SECRET =
  'CloudFront and the function have to change it together, which a rotation of the secret alone does not do. `ingress.firewall.secret` rotates it; it lets nobody in who cannot sign.';

/** What is said of routes that the configuration makes. */
function routesOf({ console }: InletConfig): readonly (readonly [string, string])[] {
  return Object.entries(ROUTES).filter(([route]) => !(console === false && /--(?:console|api)/.test(route)));
}

/** How an ARN of the stack's own region and account begins. */
const arnOf = (service: string) => `arn:<AWS::Partition>:${service}:<AWS::Region>:<AWS::AccountId>`;

/** The secrets that ingest reads, and the windows that it closes. @param path `/inlet/<stage>`. */
function ofSecrets({ sources, secrets }: InletConfig, path: string): readonly Acknowledgement[] {
  const managed = secrets === 'secrets-manager';
  const arn = (service: string, resource: string) =>
    `AwsSolutions-IAM5[Resource::${arnOf(service)}:${resource}]`;
  const windows = Object.values(sources).some(({ provider }) => providers[provider]?.secret.handedOver);
  const found: readonly (readonly [id: string, reason: string])[] = [
    [
      managed ? arn('secretsmanager', `secret:${path.slice(1)}/*`) : arn('ssm', `parameter${path}/*`),
      ONLY_SECRETS,
    ],
    ...(windows ? [[arn('ssm', `parameter${path}/*/window`), ONLY_WINDOWS] as const] : []),
  ];
  return found.map(([id, reason]) => ({ path: 'Ingress/IngestRole/DefaultPolicy/Resource', id, reason }));
}

/** @param secretsPath `/inlet/<stage>`. @param stackName of the stage. @param bucket logical id of the bucket for bodies. */
export function acknowledgements(
  config: InletConfig,
  secretsPath: string,
  stackName: string,
  bucket = 'BodiesBucket',
): readonly Acknowledgement[] {
  const { tracing = false, alarmEmail, ingress, console = true } = config;
  const functions = [
    'Ingress/Ingest',
    'Delivery/Worker',
    'Delivery/DeadLetters',
    ...(console ? ['Console/Console'] : []),
  ];
  return [
    {
      path: 'Store/bodies/Resource',
      id: 'AwsSolutions-S1',
      reason:
        'Only Inlet’s functions write and read here, and CloudTrail data events log that without a second bucket. Server access logs would cost more than the bodies.',
    },
    ...ofSecrets(config, secretsPath),
    ...['Reader', 'Operator'].flatMap((policy) =>
      [
        [`<${bucket}.Arn>/bodies/*`, ONLY_BODIES] as const,
        [`${arnOf('cloudformation')}:stack/${stackName}/*`, ONE_STACK] as const,
        ['*', METRICS] as const,
      ].map(([resource, reason]) => ({
        path: `Access/${policy}/Resource`,
        id: `AwsSolutions-IAM5[Resource::${resource}]`,
        reason,
      })),
    ),
    ...functions.map((path) => ({
      path: `${path}Role/DefaultPolicy/Resource`,
      id: `AwsSolutions-IAM5[Resource::<${bucket}.Arn>/bodies/*]`,
      reason: ONLY_BODIES,
    })),
    ...routesOf(config).map(([route, reason]) => ({
      path: `Ingress/Api/${route}/Resource`,
      id: 'AwsSolutions-APIG4',
      reason,
    })),
    ...(console ? Object.entries(LOGIN) : []).map(([id, reason]) => ({
      path: 'Console/Login/Users/Resource',
      id,
      reason,
    })),
    {
      path: 'Delivery/DeadLetterQueue/Resource',
      id: 'Serverless-SQSRedrivePolicy',
      reason: 'It is the dead-letter queue itself.',
    },
    ...functions.map((path) => ({
      path: `${path}/Resource`,
      id: 'Serverless-LambdaDLQ',
      reason: !path.startsWith('Delivery')
        ? 'It is invoked synchronously by the gateway: what fails is answered with 5xx, and whoever asked tries again.'
        : ASKED_BY_QUEUE,
    })),
    ...(tracing ? functions : []).map((path) => ({
      path: `${path}Role/DefaultPolicy/Resource`,
      id: 'AwsSolutions-IAM5[Resource::*]',
      reason: 'The two actions of X-Ray that a function needs know no resources.',
    })),
    ...(tracing ? [] : functions).map((path) => ({
      path: `${path}/Resource`,
      id: 'Serverless-LambdaTracing',
      reason: TRACING,
    })),
    ...(alarmEmail === undefined ? [] : [alarmEmail]).map((address) => ({
      path: `Operations/AlarmTopic/${address}/Resource`,
      id: 'Serverless-SNSRedrivePolicy',
      reason: 'A dead letter of an alarm would be read by nobody: the alarm stays red on the dashboard.',
    })),
    ...(ingress?.firewall ? Object.entries(FRONT) : []).map(([id, reason]) => ({
      path: 'Ingress/Front/Resource',
      id,
      reason,
    })),
    ...(ingress?.firewall ? [0, 1] : []).map((next) => ({
      path: `Ingress/FrontSecret${(ingress?.firewall?.secret ?? 1) + next}/Resource`,
      id: 'AwsSolutions-SMG4',
      reason: FRONT_SECRET,
    })),
    ...['WorkerSource', 'DeadLettersSource'].map((source) => ({
      path: `Delivery/${source}/Resource`,
      id: 'Serverless-LambdaEventSourceMappingDestination',
      reason: QUEUE_KEEPS,
    })),
  ];
}

/** @throws Error for an acknowledgement whose resource is not there (any more). */
export function acknowledgeFindings(
  { root }: Place,
  config: InletConfig,
  { secretsPath }: Ingress,
  { bodies }: Store,
): void {
  const stack = Stack.of(root);
  const bucket: string = stack.resolve((bodies.node.defaultChild as CfnElement).logicalId);
  for (const { path, id, reason } of acknowledgements(config, secretsPath, stack.stackName, bucket)) {
    const construct = path.split('/').reduce((at, name) => at.node.findChild(name), root);
    Validations.of(construct).acknowledge({ id, reason });
  }
}
