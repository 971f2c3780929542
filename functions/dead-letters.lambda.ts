import { lambdaSetup } from './shared/lambda-setup.ts';
import { composeWorker } from './worker/compose.ts';

/** The configuration as JSON: `infra/bundle.ts` puts it in. */
declare const __INLET_CONFIG__: string;

/** Records what SQS gave up on. */
export const { deadLetters: handler } = composeWorker(
  lambdaSetup({
    name: 'dead-letters',
    environment: process.env,
    config: __INLET_CONFIG__,
    uses: ['ledgerTable', 'subjectsTable', 'archiveTable', 'bodiesBucket'],
  }),
);
