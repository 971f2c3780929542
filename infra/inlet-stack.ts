import { Stack, type StackProps } from 'aws-cdk-lib';
import type { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { HandlerModules } from '../config/load.ts';
import { warnOfPlaceholders } from '../config/placeholders.ts';
import type { InletConfig } from '../functions/config/config.ts';
import { Access } from './access.ts';
import { acknowledgeFindings } from './acknowledgements.ts';
import { Console } from './console.ts';
import { Ingress } from './ingress.ts';
import { Operations } from './operations.ts';
import { addOutputs } from './outputs.ts';
import { Processing } from './processing.ts';
import type { Stage } from './stage.ts';
import { Store } from './store.ts';
import { tagWithStage } from './tags.ts';

export interface InletStackProps extends StackProps {
  /** Checked already: `loadInlet` refuses a wrong one. */
  readonly config: InletConfig;
  /** Where its handlers are, as `loadInlet` has found them. Default: there are none. */
  readonly handlers?: HandlerModules;
  readonly stage: Stage;
}

/** One stage of Inlet: HTTP API → ingest → inbox queue → worker, and what they remember. */
export class InletStack extends Stack {
  readonly store: Store;
  readonly processing: Processing;
  readonly ingress: Ingress;
  /** Undefined with `console: false`. */
  readonly console: Console | undefined;
  readonly operations: Operations;

  constructor(scope: Construct, id: string, { config, handlers, stage, ...props }: InletStackProps) {
    super(scope, id, { terminationProtection: stage.locked, ...props });
    this.store = new Store(this, 'Store', { config, stage });
    // Its id is part of the names of what is deployed.
    this.processing = new Processing(this, 'Delivery', { config, handlers, stage, store: this.store });
    this.ingress = new Ingress(this, 'Ingress', {
      config,
      stage,
      store: this.store,
      processing: this.processing,
    });
    this.operations = new Operations(this, 'Operations', {
      config,
      stage,
      ingress: this.ingress,
      processing: this.processing,
    });
    if (config.console !== false)
      this.console = new Console(this, 'Console', {
        config,
        stage,
        store: this.store,
        processing: this.processing,
        ingress: this.ingress,
      });
    new Access(this, 'Access', { store: this.store, processing: this.processing, ingress: this.ingress });
    this.#updateIngestLast();
    tagWithStage(this, stage);
    acknowledgeFindings(this, config, this.ingress.secretsPath);
    warnOfPlaceholders(this, config);
    addOutputs(this, { config, store: this.store, processing: this.processing, ingress: this.ingress });
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
