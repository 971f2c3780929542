/**
 * Takes the place of `@aws-sdk/credential-provider-node`, which looks for credentials in nine places and brings
 * SSO, STS, web identity and instance metadata clients along. Lambda gives a function its role's credentials in
 * environment variables and nowhere else
 * (https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime).
 * They are read at each use, never remembered.
 *
 * Proof: test/unit/bundle/ingest.test.ts reads key and session token out of the signed requests.
 */
export { fromEnv as defaultProvider } from '@aws-sdk/credential-provider-env';
