/** The console as a function in a process of its own, opened by a fixed token: a login would need a user pool. */
import { fixedToken } from '../../../functions/api/token.ts';
import { composeConsole } from '../../../functions/console/compose.ts';
import { providers } from '../../../functions/providers/index.ts';
import { lambdaSetup } from '../../../functions/setup/lambda-setup.ts';
import config from '../../fixtures/inlet.config.ts';

const setup = lambdaSetup({
  name: 'console',
  environment: process.env,
  deployment: { config, packs: providers },
  uses: ['ledgerTable', 'subjectsTable', 'archiveTable', 'effectsTable', 'inboxQueueUrl', 'bodiesBucket'],
});

export const handler = composeConsole(setup, fixedToken('token'), {
  login: { kind: 'token' },
  pollMs: 1000,
  assets: () => Promise.reject(new Error('no test looks at the page')),
});
