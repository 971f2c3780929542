import { defineInlet } from './functions/config/definition.ts';

/**
 * The sources of this deployment: each key becomes a webhook URL `/webhooks/<key>`.
 * Their secrets are not here: they live in SSM (or Secrets Manager) on AWS and in INLET_SECRETS on a laptop.
 */
export default defineInlet({
  sources: {
    dotdigital: { provider: 'dotdigital' },
    'enterprise-communications': { provider: 'enterprise-communications' },
    chargify: { provider: 'chargify', handler: 'fulfil-order' },
    fortellis: {
      provider: 'fortellis',
      options: {
        // The API key of your app in the Fortellis developer account: the tokens' `sub` and `cid`. Nobody has this one:
        // `cdk synth` warns until you write yours.
        apiKey: 'replace-with-your-fortellis-api-key',
        issuer: 'https://identity.fortellis.io/oauth2/aus1p1ixy7YL8cMq02p7',
      },
      tenants: {
        // Data-Owner-Id of each dealer that has subscribed. Events of others are quarantined, never lost.
        '00000000-0000-4000-8000-000000000001': { name: 'North Motors' },
      },
    },
    tasks: { provider: 'tasks' },
  },
});
