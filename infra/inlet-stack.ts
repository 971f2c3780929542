import { Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { InletConfig } from '../functions/shared/config.ts';
import { Access } from './access.ts';
import { acknowledgeFindings } from './acknowledgements.ts';
import { Console } from './console.ts';
import { Delivery } from './delivery.ts';
import { Ingress } from './ingress.ts';
import { Operations } from './operations.ts';
import { addOutputs } from './outputs.ts';
import { warnOfPlaceholders } from './placeholders.ts';
import type { Stage } from './stage.ts';
import { Store } from './store.ts';

export interface InletStackProps extends StackProps {
  /** Checked already: `loadConfig` refuses a wrong one. */
  readonly config: InletConfig;
  readonly stage: Stage;
}

/** One stage of Inlet: HTTP API → ingest → inbox queue → worker, and what they remember. */
export class InletStack extends Stack {
  readonly store: Store;
  readonly delivery: Delivery;
  readonly ingress: Ingress;
  /** Undefined with `console: false`. */
  readonly console: Console | undefined;
  readonly operations: Operations;

  constructor(scope: Construct, id: string, { config, stage, ...props }: InletStackProps) {
    super(scope, id, { terminationProtection: stage.locked, ...props });
    this.store = new Store(this, 'Store', { config, stage });
    this.delivery = new Delivery(this, 'Delivery', { config, stage, store: this.store });
    this.ingress = new Ingress(this, 'Ingress', {
      config,
      stage,
      store: this.store,
      delivery: this.delivery,
    });
    this.operations = new Operations(this, 'Operations', {
      config,
      stage,
      ingress: this.ingress,
      delivery: this.delivery,
    });
    if (config.console !== false)
      this.console = new Console(this, 'Console', {
        config,
        stage,
        store: this.store,
        delivery: this.delivery,
        ingress: this.ingress,
      });
    new Access(this, 'Access', { store: this.store, delivery: this.delivery, ingress: this.ingress });
    acknowledgeFindings(this, config, this.ingress.secretsPath);
    warnOfPlaceholders(this, config);
    addOutputs(this, { config, store: this.store, delivery: this.delivery, ingress: this.ingress });
  }
}
