import { Duration, Stack } from 'aws-cdk-lib';
import {
  AccountRecovery,
  CfnUserPoolGroup,
  Mfa,
  OAuthScope,
  UserPool,
  UserPoolClient,
  UserPoolClientIdentityProvider,
} from 'aws-cdk-lib/aws-cognito';
import { Construct } from 'constructs';
import { OPERATORS } from '../functions/console/cognito.ts';
import { ConfigurationError } from '../functions/core/errors.ts';
import { keepId, type Place } from './place.ts';
import { requireRegion, WITHOUT_CONSOLE } from './regions.ts';
import type { Stage } from './stage.ts';

export interface LoginProps {
  readonly stage: Place;
  /** Where the login page sends people back to. */
  readonly consoleUrl: string;
}

/** Who may open the console. An administrator makes the users; nobody can sign up. */
export class Login extends Construct {
  readonly pool: UserPool;
  readonly client: UserPoolClient;
  /** Host of the login page. */
  readonly host: string;

  constructor(scope: Construct, id: string, { stage, consoleUrl }: LoginProps) {
    super(scope, id);
    requireRegion(this, {
      id: 'ConsoleRegion',
      regions: { not: WITHOUT_CONSOLE },
      why: 'console: its login needs a user pool of Amazon Cognito, which cannot be had there',
      cure: 'Write console: false in the configuration; the command line asks the stage instead (--stage).',
    });
    this.pool = new UserPool(this, 'Users', {
      selfSignUpEnabled: false,
      signInAliases: { email: true },
      accountRecovery: AccountRecovery.EMAIL_ONLY,
      mfa: Mfa.OPTIONAL,
      mfaSecondFactor: { otp: true, sms: false },
      passwordPolicy: {
        minLength: 12,
        requireDigits: true,
        requireLowercase: true,
        requireSymbols: true,
        requireUppercase: true,
        tempPasswordValidity: Duration.days(3),
      },
      deletionProtection: stage.locked,
      removalPolicy: stage.removalPolicy,
    });
    // Another logical id would be another pool, without its users.
    keepId(this.pool, stage, 'UserPool');
    new CfnUserPoolGroup(this, 'Operators', {
      userPoolId: this.pool.userPoolId,
      groupName: OPERATORS,
      description: 'May replay, redrive, reclaim and clear leases.',
    });
    // A browser cannot keep a secret: the code is protected by PKCE instead, and no password passes the console.
    this.client = new UserPoolClient(this, 'Client', {
      userPool: this.pool,
      generateSecret: false,
      supportedIdentityProviders: [UserPoolClientIdentityProvider.COGNITO],
      oAuth: {
        flows: { authorizationCodeGrant: true },
        scopes: [OAuthScope.OPENID],
        callbackUrls: [consoleUrl],
      },
      preventUserExistenceErrors: true,
      accessTokenValidity: Duration.hours(1),
      enableTokenRevocation: true,
    });
    const domain = this.pool.addDomain('Domain', {
      cognitoDomain: { domainPrefix: domainPrefix(stage, Stack.of(this).account) },
    });
    this.host = `${domain.domainName}.auth.${Stack.of(this).region}.amazoncognito.com`;
  }
}

/** Cognito takes none of them anywhere in a prefix: "Domain cannot contain reserved word". */
const RESERVED = ['amazon', 'aws', 'cognito'];

/**
 * The name of the login page's host, which must be unique in the whole region, hence the account. It may have 63 lower-case
 * letters, digits and hyphens, and has at most 39
 * (https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateUserPoolDomain.html).
 * @throws ConfigurationError for a stage whose name Cognito would refuse
 * (https://github.com/aws-solutions/content-analysis-on-aws/issues/8 and
 * https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-assign-domain-prefix.html).
 */
function domainPrefix({ name }: Stage, account: string): string {
  const reserved = RESERVED.find((word) => name.includes(word));
  if (reserved !== undefined)
    throw new ConfigurationError([
      `the stage "${name}" cannot be used: Amazon Cognito takes no login page with "${reserved}" in its name. Choose another name (-c stage=dev), or write console: false in the configuration`,
    ]);
  return `inlet-${name}-${account}`;
}
