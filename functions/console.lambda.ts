import { readFile } from 'node:fs/promises';
import { ATTEMPTS } from './aws/clients.ts';
import { cognitoAccess, cognitoLogin } from './console/cognito.ts';
import { composeConsole } from './console/compose.ts';
import type { Assets } from './console/page.ts';
import { Env } from './core/names.ts';
import type { Deployment } from './setup/deployment.ts';
import { lambdaSetup } from './setup/lambda-setup.ts';

/**
 * With the time of an answer an event is on the screen within one second: 700 ms to the next question, 100 ms for
 * the answer, and the index of the ledger follows within 100 ms.
 */
const POLL_MS = 700;

const environment = process.env;
const own = (name: keyof typeof Env): string => environment[Env[name]] ?? '';

let assets: Promise<Assets> | undefined;

const setupOf = (deployment: Deployment) =>
  lambdaSetup({
    name: 'console',
    environment,
    deployment,
    attempts: ATTEMPTS.console,
    uses: [
      'ledgerTable',
      'subjectsTable',
      'archiveTable',
      'effectsTable',
      'inboxQueueUrl',
      'deadLetterQueueUrl',
      'bodiesBucket',
      'userPoolId',
      'userPoolClientId',
      'loginDomain',
      'consoleAssets',
    ],
  });

/** The page and the read API. It has no secrets, so it sends no samples: `inlet send --stage` does. */
export default (deployment: Deployment) => {
  const pool = { userPoolId: own('userPoolId'), clientId: own('userPoolClientId') };
  return composeConsole(
    { ...setupOf(deployment), deadLetterQueueUrl: own('deadLetterQueueUrl') },
    cognitoAccess(pool),
    {
      login: cognitoLogin(pool, own('loginDomain')),
      pollMs: POLL_MS,
      assets: () => {
        assets ??= readFile(own('consoleAssets'), 'utf8').then((text) => JSON.parse(text) as Assets);
        return assets;
      },
    },
  );
};
