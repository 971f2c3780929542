import type { Deployment } from './setup/deployment.ts';
import { lambdaSetup } from './setup/lambda-setup.ts';
import { composeWorker } from './worker/compose.ts';

/** Processes the inbox queue. */
export default (deployment: Deployment) =>
  composeWorker(
    lambdaSetup({
      name: 'worker',
      environment: process.env,
      deployment,
      uses: ['ledgerTable', 'subjectsTable', 'archiveTable', 'effectsTable', 'inboxQueueUrl', 'bodiesBucket'],
    }),
  ).worker;
