import { Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { Inlet, type InletProps } from './inlet.ts';
import type { Stage } from './stage.ts';

export interface InletStackProps extends StackProps, Pick<InletProps, 'config'> {
  readonly stage: Stage;
}

/** A stack with one Inlet in it, whose resources have the logical ids that they have had since release 0.1.0. */
export class InletStack extends Stack {
  readonly inlet: Inlet;

  constructor(scope: Construct, id: string, { config, stage, ...props }: InletStackProps) {
    super(scope, id, { terminationProtection: stage.locked, ...props });
    this.inlet = new Inlet(this, 'Inlet', { config, stage, adopt: '0.1' });
  }
}
