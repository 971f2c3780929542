import { lambdaSetup } from './shared/lambda-setup.ts';
import { composeWorker } from './worker/compose.ts';

/** The configuration as JSON: `infra/bundle.ts` puts it in. */
declare const __INLET_CONFIG__: string;

/** Processes the inbox queue. */
export const { worker: handler } = composeWorker(
  lambdaSetup({
    name: 'worker',
    environment: process.env,
    config: __INLET_CONFIG__,
    uses: ['ledgerTable', 'subjectsTable', 'archiveTable', 'effectsTable', 'inboxQueueUrl', 'bodiesBucket'],
  }),
);
