import { Duration, Stack } from 'aws-cdk-lib';
import {
  AccountRecovery,
  type CfnUserPool,
  CfnUserPoolGroup,
  Mfa,
  OAuthScope,
  UserPool,
  UserPoolClient,
  UserPoolClientIdentityProvider,
} from 'aws-cdk-lib/aws-cognito';
import { Construct } from 'constructs';
import { OPERATORS } from '../functions/console/cognito.ts';
import type { Stage } from './stage.ts';

export interface LoginProps {
  readonly stage: Stage;
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
      deletionProtection: stage.production,
      removalPolicy: stage.removalPolicy,
    });
    // Another logical id would be another pool, without its users.
    (this.pool.node.defaultChild as CfnUserPool).overrideLogicalId('UserPool');
    new CfnUserPoolGroup(this, 'Operators', {
      userPoolId: this.pool.userPoolId,
      groupName: OPERATORS,
      description: 'May replay and redrive.',
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
    // The name must be unique in the whole region, hence the account.
    const domain = this.pool.addDomain('Domain', {
      cognitoDomain: { domainPrefix: `inlet-${stage.name}-${Stack.of(this).account}` },
    });
    this.host = `${domain.domainName}.auth.${Stack.of(this).region}.amazoncognito.com`;
  }
}
