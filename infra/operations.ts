/** What the person on call has: metrics, alarms and their topic, a dashboard, saved queries. */
import { Stack } from 'aws-cdk-lib';
import { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { QueryDefinition, QueryString } from 'aws-cdk-lib/aws-logs';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import { type InletConfig, lateAfterSeconds } from '../functions/config/config.ts';
import { alarmId, alarmProps, alarmRules, type Watched } from './alarms.ts';
import { createDashboard } from './dashboard.ts';
import type { Ingress } from './ingress.ts';
import { Metrics } from './metrics.ts';
import { keepId, type Place } from './place.ts';
import type { Processing } from './processing.ts';
import { queryString, savedQueries } from './queries.ts';

export interface OperationsProps {
  readonly config: InletConfig;
  readonly stage: Place;
  readonly ingress: Ingress;
  readonly processing: Processing;
}

export class Operations extends Construct {
  /** Where every alarm rings. */
  readonly topic: Topic;
  readonly alarms: readonly Alarm[];

  constructor(scope: Construct, id: string, { config, stage, ingress, processing }: OperationsProps) {
    super(scope, id);
    const lateAfterMs = lateAfterSeconds(config) * 1000;
    const watched: Watched = { namespace: stage.metrics, ingress, processing, lateAfterMs };
    const groups = {
      ingest: ingress.ingest.logs,
      worker: processing.worker.logs,
      deadLetters: processing.deadLetters.logs,
    };
    const logs = Object.values(groups);
    this.topic = this.#topic(config, stage);
    new Metrics(this, 'Metrics', { namespace: stage.metrics, ...groups, access: ingress.accessLogs });
    this.alarms = alarmRules(watched).map((rule) => {
      const alarm = new Alarm(this, alarmId(rule), {
        ...alarmProps(rule),
        alarmName: `${stage.title}-${alarmId(rule)}`,
        alarmDescription: `${rule.meaning} What to do: docs/runbook.md, ${rule.name}.`,
      });
      alarm.addAlarmAction(new SnsAction(this.topic));
      return alarm;
    });
    createDashboard(this, { ...watched, alarms: this.alarms, logs, title: stage.title });
    for (const query of savedQueries)
      new QueryDefinition(this, query.name.replaceAll(' ', ''), {
        queryDefinitionName: `Inlet/${stage.name}/${query.name}`,
        queryString: new SavedString(queryString(query)),
        logGroups: logs,
      });
  }

  #topic({ alarmEmail }: InletConfig, stage: Place): Topic {
    // Not under AWS's own key for SNS: CloudWatch cannot use it, and a key of one's own would cost $1 a month to hide
    // the names of alarms (https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/AlarmThatSendsEmail.html).
    const topic = new Topic(this, 'AlarmTopic', { enforceSSL: true });
    // A policy of one's own takes the place of the default one, which lets the account's alarms publish.
    topic.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [topic.topicArn],
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    );
    // Another logical id would be another topic, without the subscriptions that people have confirmed.
    keepId(topic, stage, 'AlarmTopic');
    if (alarmEmail !== undefined) topic.addSubscription(new EmailSubscription(alarmEmail));
    return topic;
  }
}

/** CDK's own class builds a query from parts and knows fewer commands than Logs Insights. */
class SavedString extends QueryString {
  readonly #text: string;
  constructor(text: string) {
    super();
    this.#text = text;
  }
  override toString(): string {
    return this.#text;
  }
}
