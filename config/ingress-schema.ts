import { z } from 'zod';
import type { IngressConfig } from '../functions/config/config.ts';
import { between, flag, type RulesOf, strict, textLike, wholeNumber } from './rules.ts';

type Domain = NonNullable<IngressConfig['domain']>;
type Firewall = NonNullable<IngressConfig['firewall']>;

const domainSchema = strict(
  {
    name: textLike(/^(?:[a-z0-9-]+\.)+[a-z]{2,}$/, 'write a host name such as "hooks.example.com"'),
    certificateArn: textLike(
      /^arn:aws[\w-]*:acm:[\w-]+:\d{12}:certificate\/[\w-]+$/,
      'write the ARN of a certificate in ACM, "arn:aws:acm:…"',
    ),
  } satisfies RulesOf<Domain>,
  'write { name: "hooks.example.com", certificateArn: "arn:aws:acm:…" }',
);

const RANGES = 'write IPv4 ranges such as ["192.0.2.0/24"]';
const range = textLike(/^\d{1,3}(?:\.\d{1,3}){3}\/\d{1,2}$/, RANGES);

const firewallSchema = strict(
  {
    // WAF's own limits: https://docs.aws.amazon.com/waf/latest/APIReference/API_RateBasedStatement.html
    requestsPerAddress: wholeNumber(10, 2_000_000_000, 'write a whole number from 10').optional(),
    addresses: z
      .record(
        z.string(),
        z.array(range, RANGES).min(1, RANGES).readonly(),
        'write { "<source>": ["192.0.2.0/24"] }',
      )
      .optional(),
    secret: wholeNumber(
      1,
      1_000_000,
      'write a whole number from 1, one more than before to rotate it',
    ).optional(),
  } satisfies RulesOf<Firewall>,
  'write an object; {} is enough',
);

/** A rule for what only the gateway has. */
const ofGateway = (key: 'domain' | 'firewall' | 'requestsPerSecond') =>
  [
    (ingress: IngressConfig) => ingress.via !== 'function-url' || ingress[key] === undefined,
    between(key, 'a function URL has none. Remove it, or write via: "http-api"; limit it by concurrency'),
  ] as const;

/** The key `ingress`. Which sources `firewall.addresses` may name, `schema.ts` knows. */
export const ingressSchema = strict({
  via: z.enum(['http-api', 'function-url'], 'write "http-api" or "function-url"').optional(),
  domain: domainSchema.optional(),
  defaultEndpoint: flag.optional(),
  firewall: firewallSchema.optional(),
  requestsPerSecond: wholeNumber(
    1,
    10_000,
    'write a whole number from 1 to 10000, the quota of an account',
  ).optional(),
  concurrency: wholeNumber(
    1,
    10_000,
    'write a whole number from 1 to 10000; 100 of the account must be left unreserved',
  ).optional(),
} satisfies RulesOf<IngressConfig>)
  .refine(...ofGateway('domain'))
  .refine(...ofGateway('firewall'))
  .refine(...ofGateway('requestsPerSecond'))
  .refine(
    ({ domain, firewall }) => domain !== undefined || firewall === undefined,
    between(
      'domain',
      'a firewall needs it: providers call CloudFront, and the URL that some of them sign must be known',
    ),
  )
  .refine(
    ({ defaultEndpoint, firewall }) => typeof defaultEndpoint !== 'boolean' || firewall === undefined,
    between('defaultEndpoint', 'CloudFront calls it, and ingest refuses webhooks beside it. Remove this key'),
  )
  .refine(
    ({ defaultEndpoint, domain, firewall }) =>
      typeof defaultEndpoint !== 'boolean' || domain !== undefined || firewall !== undefined,
    between('defaultEndpoint', 'without a domain it is always open. Remove this key'),
  )
  .refine(
    ({ domain, firewall }) => firewall === undefined || !isOfAnotherRegion(domain),
    between('domain.certificateArn', 'CloudFront takes certificates of us-east-1 only'),
  );

/** Whether a certificate lies where CloudFront does not look. The form of its ARN is not asked here. */
function isOfAnotherRegion(domain: Partial<Domain> | undefined): boolean {
  const region = /^arn:[\w-]+:acm:([\w-]+):/.exec(String(Object(domain).certificateArn))?.[1];
  return region !== undefined && region !== 'us-east-1';
}
