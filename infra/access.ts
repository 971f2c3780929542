/** Rights for people: what `inlet --stage` and nothing else takes, to be attached to whoever runs it. */
import { Stack } from 'aws-cdk-lib';
import { ManagedPolicy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { ListingIndex } from '../functions/core/names.ts';
import type { Ingress } from './ingress.ts';
import { addOutput, keepId, type Place } from './place.ts';
import type { Processing } from './processing.ts';
import type { Store } from './store.ts';

export interface AccessProps {
  readonly stage: Place;
  readonly store: Store;
  readonly processing: Processing;
  readonly ingress: Ingress;
}

/**
 * Two policies of the account, which CloudFormation names. The reader's is for looking: events with their payloads, the
 * audit, the log. The operator's also replays, redrives, reclaims and clears leases. Secrets are for neither.
 */
export class Access extends Construct {
  constructor(scope: Construct, id: string, props: AccessProps) {
    super(scope, id);
    const reading = rightsToRead(this, props);
    this.#policy(props.stage, 'Reader', 'may look at everything but the secrets', reading);
    this.#policy(props.stage, 'Operator', 'may look, replay, redrive, reclaim and clear leases', [
      ...reading,
      ...rightsToOperate(props),
    ]);
  }

  /**
   * Never replaced: another policy would be attached to nobody, and the old one, while somebody has it, cannot be deleted.
   * Another logical id, path or description would replace it
   * (https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-managedpolicy.html).
   */
  #policy(stage: Place, id: string, may: string, statements: PolicyStatement[]): void {
    const policy = new ManagedPolicy(this, id, {
      path: '/',
      description: `With inlet --stage: ${may}.`,
      statements: statements.map((statement) => statement.copy()),
    });
    keepId(policy, stage, `Access${id}`);
    const description = `Policy to attach to people: ${may} with inlet --stage.`;
    addOutput(stage, `${id}Policy`, policy.managedPolicyArn, description);
  }
}

function allow(resources: readonly string[], ...actions: readonly string[]): PolicyStatement {
  return new PolicyStatement({ actions: [...actions], resources: [...resources] });
}

function rightsToRead(scope: Construct, { store, processing, ingress }: AccessProps): PolicyStatement[] {
  const { tables, bodies } = store;
  const stack = Stack.of(scope);
  const functions = [ingress.ingest, processing.worker, processing.deadLetters];
  return [
    // The outputs say what the tables and queues are called. A stack is asked for by its name, which leaves its id open.
    allow(
      [
        stack.formatArn({
          service: 'cloudformation',
          resource: 'stack',
          resourceName: `${stack.stackName}/*`,
        }),
      ],
      'cloudformation:DescribeStacks',
    ),
    allow([tables.ledger.tableArn], 'dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Scan'),
    allow([`${tables.ledger.tableArn}/index/${ListingIndex.name}`], 'dynamodb:Query'),
    allow([tables.subjects.tableArn], 'dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Scan'),
    allow([tables.archive.tableArn, tables.effects.tableArn], 'dynamodb:GetItem'),
    allow([processing.inbox.queueArn, processing.deadLetterQueue.queueArn], 'sqs:GetQueueAttributes'),
    allow([bodies.arnForObjects('bodies/*')], 's3:GetObject'),
    allow(
      functions.map(({ logs }) => logs.logGroupArn),
      'logs:FilterLogEvents',
    ),
    // Metrics are no resources, and no condition narrows their reading to a namespace: it is all metrics of the account
    // (https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatch.html).
    allow(['*'], 'cloudwatch:GetMetricData'),
  ];
}

/**
 * A redrive reopens an entry, begins the time of its payload anew and sends it; a body that no longer fits into the message is parked. A lease is
 * cleared at its subject.
 */
function rightsToOperate({ store, processing }: AccessProps): PolicyStatement[] {
  return [
    allow(
      [store.tables.ledger.tableArn, store.tables.subjects.tableArn, store.tables.archive.tableArn],
      'dynamodb:UpdateItem',
    ),
    allow([processing.inbox.queueArn], 'sqs:SendMessage'),
    allow([store.bodies.arnForObjects('bodies/*')], 's3:PutObject'),
  ];
}
