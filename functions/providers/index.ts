/** Every provider pack, by name. A deployed bundle holds only the ones that its configuration uses. */

import type { Provider } from '../pack/provider.ts';
import { provider as adyen } from './adyen.ts';
import { provider as adyenPlatform } from './adyen-platform.ts';
import { provider as airtable } from './airtable.ts';
import { provider as asana } from './asana.ts';
import { provider as auth0 } from './auth0.ts';
import { provider as authorizeNet } from './authorize-net.ts';
import { provider as azureEventGrid } from './azure-event-grid.ts';
import { provider as basic } from './basic.ts';
import { provider as bigcommerce } from './bigcommerce.ts';
import { provider as bitbucket } from './bitbucket.ts';
import { provider as box } from './box.ts';
import { provider as braintree } from './braintree.ts';
import { provider as buildkite } from './buildkite.ts';
import { provider as calendly } from './calendly.ts';
import { provider as chargebee } from './chargebee.ts';
import { provider as chargify } from './chargify.ts';
import { provider as checkoutCom } from './checkout-com.ts';
import { provider as circleci } from './circleci.ts';
import { provider as clerk } from './clerk.ts';
import { provider as cloudevents } from './cloudevents.ts';
import { provider as cloudflareStream } from './cloudflare-stream.ts';
import { provider as coinbaseCdp } from './coinbase-cdp.ts';
import { provider as coinbaseCommerce } from './coinbase-commerce.ts';
import { provider as contentful } from './contentful.ts';
import { provider as discord } from './discord.ts';
import { provider as docusign } from './docusign.ts';
import { provider as dotdigital } from './dotdigital.ts';
import { provider as dropbox } from './dropbox.ts';
import { provider as enterpriseCommunications } from './enterprise-communications.ts';
import { provider as fortellis } from './fortellis.ts';
import { provider as github } from './github.ts';
import { provider as gitlab } from './gitlab.ts';
import { provider as gitlabToken } from './gitlab-token.ts';
import { provider as gocardless } from './gocardless.ts';
import { provider as hmac } from './hmac.ts';
import { provider as hubspotV1 } from './hubspot-v1.ts';
import { provider as hubspotV2 } from './hubspot-v2.ts';
import { provider as hubspotV3 } from './hubspot-v3.ts';
import { provider as intercom } from './intercom.ts';
import { provider as jira } from './jira.ts';
import { provider as jwt } from './jwt.ts';
import { provider as klaviyo } from './klaviyo.ts';
import { provider as launchdarkly } from './launchdarkly.ts';
import { provider as lemonSqueezy } from './lemon-squeezy.ts';
import { provider as line } from './line.ts';
import { provider as linear } from './linear.ts';
import { provider as mailgun } from './mailgun.ts';
import { provider as mandrill } from './mandrill.ts';
import { provider as meta } from './meta.ts';
import { provider as microsoftGraph } from './microsoft-graph.ts';
import { provider as mollie } from './mollie.ts';
import { provider as mux } from './mux.ts';
import { provider as notion } from './notion.ts';
import { provider as okta } from './okta.ts';
import { provider as openai } from './openai.ts';
import { provider as paddle } from './paddle.ts';
import { provider as pagerduty } from './pagerduty.ts';
import { provider as paypal } from './paypal.ts';
import { provider as paystack } from './paystack.ts';
import { provider as plaid } from './plaid.ts';
import { provider as postmark } from './postmark.ts';
import { provider as querySecret } from './query-secret.ts';
import { provider as quickbooks } from './quickbooks.ts';
import { provider as razorpay } from './razorpay.ts';
import { provider as recurly } from './recurly.ts';
import { provider as resend } from './resend.ts';
import { provider as sanity } from './sanity.ts';
import { provider as sendgrid } from './sendgrid.ts';
import { provider as sentry } from './sentry.ts';
import { provider as sharedSecret } from './shared-secret.ts';
import { provider as shopify } from './shopify.ts';
import { provider as slack } from './slack.ts';
import { provider as sns } from './sns.ts';
import { provider as square } from './square.ts';
import { provider as standardWebhooks } from './standard-webhooks.ts';
import { provider as stripe } from './stripe.ts';
import { provider as supabase } from './supabase.ts';
import { provider as svix } from './svix.ts';
import { provider as tasks } from './tasks.ts';
import { provider as trello } from './trello.ts';
import { provider as twilio } from './twilio.ts';
import { provider as twitch } from './twitch.ts';
import { provider as typeform } from './typeform.ts';
import { provider as vercel } from './vercel.ts';
import { provider as woocommerce } from './woocommerce.ts';
import { provider as workos } from './workos.ts';
import { provider as x } from './x.ts';
import { provider as xero } from './xero.ts';
import { provider as zendesk } from './zendesk.ts';
import { provider as zoom } from './zoom.ts';

const packs: readonly Provider[] = [
  adyen,
  adyenPlatform,
  airtable,
  asana,
  auth0,
  authorizeNet,
  azureEventGrid,
  basic,
  bigcommerce,
  bitbucket,
  box,
  braintree,
  buildkite,
  calendly,
  chargebee,
  chargify,
  checkoutCom,
  circleci,
  clerk,
  cloudevents,
  cloudflareStream,
  coinbaseCdp,
  coinbaseCommerce,
  contentful,
  discord,
  docusign,
  dotdigital,
  dropbox,
  enterpriseCommunications,
  fortellis,
  github,
  gitlab,
  gitlabToken,
  gocardless,
  hmac,
  hubspotV1,
  hubspotV2,
  hubspotV3,
  intercom,
  jira,
  jwt,
  klaviyo,
  launchdarkly,
  lemonSqueezy,
  line,
  linear,
  mailgun,
  mandrill,
  meta,
  microsoftGraph,
  mollie,
  mux,
  notion,
  okta,
  openai,
  paddle,
  pagerduty,
  paypal,
  paystack,
  plaid,
  postmark,
  querySecret,
  quickbooks,
  razorpay,
  recurly,
  resend,
  sanity,
  sendgrid,
  sentry,
  sharedSecret,
  shopify,
  slack,
  sns,
  square,
  standardWebhooks,
  stripe,
  supabase,
  svix,
  tasks,
  trello,
  twilio,
  twitch,
  typeform,
  vercel,
  woocommerce,
  workos,
  x,
  xero,
  zendesk,
  zoom,
];

/** Looked up by own properties only. */
export const providers: Readonly<Record<string, Provider>> = Object.fromEntries(
  packs.map((pack) => [pack.name, pack]),
);
