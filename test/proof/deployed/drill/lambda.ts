/** Lambda as the drill meets it: functions that are invoked, throttled and metered, and event sources that are switched. */
import type { SQSEvent } from 'aws-lambda';
import { at, type StackTemplate } from '../../../helpers/template.ts';
import type { Cloud } from '../cloud.ts';
import { type DeployedFunction, drain } from '../deployment.ts';
import type { MetricStore } from './metric-store.ts';

export type Invoked =
  | { readonly kind: 'done'; readonly answer: unknown }
  | { readonly kind: 'failed'; readonly error: string }
  | { readonly kind: 'throttled' };

interface Mapping {
  readonly id: string;
  readonly functionName: string;
  readonly queueId: string;
  isOn: boolean;
}

export class LambdaStandIn {
  readonly concurrency = new Map<string, number>();
  readonly mappings: readonly Mapping[];
  readonly #template: StackTemplate;
  readonly #cloud: Cloud;
  readonly #functions: readonly DeployedFunction[];
  readonly #metrics: MetricStore;

  constructor(
    template: StackTemplate,
    cloud: Cloud,
    functions: readonly DeployedFunction[],
    metrics: MetricStore,
  ) {
    this.#template = template;
    this.#cloud = cloud;
    this.#functions = functions;
    this.#metrics = metrics;
    this.mappings = template.ofType('AWS::Lambda::EventSourceMapping').map(([id, { Properties }]) => ({
      id,
      functionName: String(at(Properties, 'FunctionName.Ref')),
      queueId: String(at(Properties, 'EventSourceArn.Fn::GetAtt.0')),
      isOn: true,
    }));
  }

  async invoke(name: string, event: unknown): Promise<Invoked> {
    if (this.concurrency.get(name) === 0) {
      this.#count(name, 'Throttles', 1);
      return { kind: 'throttled' };
    }
    const fn = this.#functions.find(({ id }) => id === name);
    if (!fn) throw new Error(`there is no function ${name}`);
    const { answer, milliseconds, error } = await fn.process.invoke(event, fn.timeoutMs).then(
      ({ answer, milliseconds }) => ({ answer, milliseconds, error: undefined }),
      (thrown: Error) => ({ answer: undefined, milliseconds: 1, error: thrown.message }),
    );
    for (const [metric, value] of [
      ['Invocations', 1],
      ['Throttles', 0],
      ['Errors', error === undefined ? 0 : 1],
      ['Duration', milliseconds],
    ] as const)
      this.#count(name, metric, value);
    return error === undefined ? { kind: 'done', answer } : { kind: 'failed', error };
  }

  /** Lets every event source that is on hand over what waits for it. */
  async poll(): Promise<void> {
    for (const { functionName, queueId, isOn } of this.mappings) {
      if (!isOn || this.concurrency.get(functionName) === 0) continue;
      const metered = this.#functions.map((fn) => {
        const invoke = async (event: SQSEvent) => {
          const invoked = await this.invoke(fn.id, event);
          // A batch whose invocation fails comes back as a whole.
          const all = event.Records.map(({ messageId }) => ({ itemIdentifier: messageId }));
          return { answer: invoked.kind === 'done' ? invoked.answer : { batchItemFailures: all } };
        };
        return { ...fn, process: { invoke } } as unknown as DeployedFunction;
      });
      await drain(this.#template, this.#cloud, metered, queueId);
    }
  }

  #count(FunctionName: string, name: string, value: number): void {
    this.#metrics.add({ namespace: 'AWS/Lambda', name, dimensions: { FunctionName } }, Date.now(), value);
  }
}
