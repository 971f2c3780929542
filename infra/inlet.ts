import { Stack } from 'aws-cdk-lib';
import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import type { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct, type IConstruct } from 'constructs';
import type { Loaded } from '../config/load.ts';
import { warnOfPlaceholders } from '../config/placeholders.ts';
import { checkConfig } from '../config/validate.ts';
import type { InletConfig } from '../functions/config/config.ts';
import { ConfigurationError } from '../functions/core/errors.ts';
import { Access } from './access.ts';
import { acknowledgeFindings } from './acknowledgements.ts';
import { Console } from './console.ts';
import { Ingress } from './ingress.ts';
import { Operations } from './operations.ts';
import { addOutputs } from './outputs.ts';
import type { Place } from './place.ts';
import { Processing } from './processing.ts';
import { type Stage, stageIn } from './stage.ts';
import { Store } from './store.ts';
import { tagWithStage } from './tags.ts';

export interface InletProps {
  /** What `await loadInlet()` gives: checked, and with its handlers. Or data alone, of an Inlet without handlers. */
  readonly config: Loaded | InletConfig;
  /**
   * Of another name than that of every other Inlet in the account and region. Given by its name, `-c production=…` and
   * `-c first=true` count. Default: `-c stage=<name>`, else `dev`.
   */
  readonly stage?: string | Stage;
  /**
   * `0.1`: keeps the logical ids of a stack that release 0.1.0 has made, of what holds state and of everything else: tables,
   * queues, users and the host name of every URL stay. The Inlet is the only one of its stack. Default: ids of its own.
   */
  readonly adopt?: '0.1';
}

/** One stage of Inlet: HTTP API → ingest → inbox queue → worker, and what they remember. */
export class Inlet extends Construct {
  /** The URL to register with each source's provider, by source. */
  readonly urls: Readonly<Record<string, string>>;
  readonly store: Store;
  readonly processing: Processing;
  readonly ingress: Ingress;
  /** Undefined with `console: false`. */
  readonly console: Console | undefined;
  readonly operations: Operations;
  readonly #stage: string;

  /** @throws ConfigurationError when its stack has another Inlet that it cannot live beside. */
  constructor(scope: Construct, id: string, props: InletProps) {
    super(scope, id);
    const { config, modules: handlers } =
      'modules' in props.config
        ? props.config
        : // Where a handler would be is not known.
          { config: checkConfig(props.config, [], []), modules: {} };
    const stage = typeof props.stage === 'object' ? props.stage : stageIn(this, config, props.stage);
    this.#stage = stage.name;
    const place = this.#place(stage, props.adopt !== undefined);
    const root = place.root as Construct;
    this.store = new Store(root, 'Store', { config, stage: place });
    // Its id is part of the names of what is deployed.
    this.processing = new Processing(root, 'Delivery', { config, handlers, stage: place, store: this.store });
    const parts = { config, stage: place, store: this.store, processing: this.processing };
    this.ingress = new Ingress(root, 'Ingress', parts);
    const all = { ...parts, ingress: this.ingress };
    this.operations = new Operations(root, 'Operations', all);
    if (config.console !== false) this.console = new Console(root, 'Console', all);
    new Access(root, 'Access', all);
    this.#updateIngestLast();
    tagWithStage(place);
    acknowledgeFindings(place, config, this.ingress, this.store);
    warnOfPlaceholders(root, config);
    addOutputs(all);
    this.urls = Object.fromEntries(
      Object.keys(config.sources).map((source) => [source, `${this.ingress.origin}/webhooks/${source}`]),
    );
  }

  /** Where all alarms ring: the topic is `operations.topic`. */
  get alarms(): readonly Alarm[] {
    return this.operations.alarms;
  }

  #place(stage: Stage, adopted: boolean): Place {
    const stack = Stack.of(this);
    const others = stack.node.findAll().filter((one): one is Inlet => one instanceof Inlet && one !== this);
    if (adopted && others.length > 0)
      throw new ConfigurationError([
        "adopt: '0.1': another Inlet is in the stack. What 0.1.0 has deployed has a stack of its own.",
      ]);
    if (others.some((other) => other.#stage === stage.name))
      throw new ConfigurationError([
        `two Inlets have the stage "${stage.name}": their secrets, metrics and alarms would be the same. Choose another name for one.`,
      ]);
    const { stackName } = stack;
    const isTitle = adopted || (others.length === 0 && stackName.endsWith(`-${stage.name}`));
    return {
      ...stage,
      title: isTitle ? stackName : `${stackName}-${stage.name}`,
      root: adopted ? stack : (this as IConstruct),
      adopted,
    };
  }

  /**
   * CloudFormation updates side by side what nothing orders, and what ingest writes the others have to read: a source that
   * was added, another stored format (docs/upgrade.md). The functions alone, not their constructs: with routes and
   * permissions in it the order would be a circle
   * (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-attribute-dependson.html).
   */
  #updateIngestLast(): void {
    const readers = [this.processing.worker, this.processing.deadLetters];
    if (this.console) readers.push(this.console.fn);
    const ingest = this.ingress.ingest.node.defaultChild as CfnFunction;
    for (const { node } of readers) ingest.addResourceDependency(node.defaultChild as CfnFunction);
  }
}
