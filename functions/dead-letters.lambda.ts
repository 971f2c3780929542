import type { Deployment } from './setup/deployment.ts';
import { lambdaSetup } from './setup/lambda-setup.ts';
import { composeDeadLetters } from './worker/compose-dead-letters.ts';

/** Records what SQS gave up on. */
export default (deployment: Deployment) =>
  composeDeadLetters(
    lambdaSetup({
      name: 'dead-letters',
      environment: process.env,
      deployment,
      uses: ['ledgerTable', 'subjectsTable', 'archiveTable', 'bodiesBucket'],
    }),
  );
