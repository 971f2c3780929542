import type { Deployment } from './setup/deployment.ts';
import { lambdaSetup } from './setup/lambda-setup.ts';
import { composeWorker } from './worker/compose.ts';

/** Records what SQS gave up on. */
export default (deployment: Deployment) =>
  composeWorker(
    lambdaSetup({
      name: 'dead-letters',
      environment: process.env,
      deployment,
      uses: ['ledgerTable', 'subjectsTable', 'archiveTable', 'bodiesBucket'],
    }),
  ).deadLetters;
