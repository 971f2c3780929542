/** Every way in which the stack can be put together. What holds for one template should hold for all of them. */
import type { InletConfig, SourceConfig } from '../../../../functions/config/config.ts';
import defaultConfig from '../../../fixtures/inlet.config.ts';
import { type StackTemplate, synthesize } from '../../../helpers/template.ts';

export interface Variant {
  readonly name: string;
  readonly config: InletConfig;
  /** Default: `dev`. */
  readonly stage?: string;
  /** What `-c` sets at its deployment. */
  readonly context?: Readonly<Record<string, unknown>>;
  /** Where it goes. Default: the region with the longest name. */
  readonly region?: string;
}

/** No region's name is longer, so that no name or ARN that it is part of is longer anywhere else. */
export const LONGEST_REGION = 'ap-southeast-1';

const { sources } = defaultConfig;
const domain = {
  name: 'hooks.example.com',
  certificateArn: 'arn:aws:acm:us-east-1:123456789012:certificate/12345678-1234-1234-1234-123456789012',
};
const asana = { asana: { provider: 'asana' }, 'asana-of-others': { provider: 'asana' } };
const handedOver = { ...asana, notion: { provider: 'notion' }, 'notion-of-others': { provider: 'notion' } };

/** So many sources, whose names have so many characters; 64 is the most. */
function many(count: number, provider: string, length = 20): Record<string, SourceConfig> {
  return Object.fromEntries(
    Array.from({ length: count }, (_, n) => [
      `${provider}-`.padEnd(length - 3, 'x') + (100 + n),
      { provider },
    ]),
  );
}

export const variants: readonly Variant[] = [
  { name: 'default', config: defaultConfig },
  {
    name: 'production stage with tracing and e-mail',
    stage: 'prod',
    config: { ...defaultConfig, tracing: true, alarmEmail: 'on-call@example.com' },
  },
  {
    name: 'first deployment of a production stage',
    stage: 'prod',
    context: { first: 'true' },
    config: defaultConfig,
  },
  { name: 'no console', config: { ...defaultConfig, console: false, workerConcurrency: 400 } },
  {
    name: 'console with an origin of its own',
    config: { ...defaultConfig, consoleUrl: 'https://inlet.example.com', ingress: { via: 'function-url' } },
  },
  { name: 'function URL', config: { ...defaultConfig, ingress: { via: 'function-url', concurrency: 100 } } },
  {
    name: 'function URL behind another origin',
    config: { ...defaultConfig, publicUrl: 'https://hooks.example.com', ingress: { via: 'function-url' } },
  },
  {
    name: 'webhooks and console behind other origins',
    config: {
      ...defaultConfig,
      publicUrl: 'https://hooks.example.com',
      consoleUrl: 'https://console.example.com',
    },
  },
  { name: 'domain', config: { ...defaultConfig, ingress: { domain, requestsPerSecond: 50 } } },
  {
    name: 'CloudFront with WAF and address lists',
    region: 'us-east-1',
    config: {
      ...defaultConfig,
      ingress: {
        domain,
        firewall: { addresses: { tasks: ['192.0.2.0/24'], chargify: ['198.51.100.0/24', '203.0.113.7/32'] } },
      },
    },
  },
  {
    name: 'WAF with 20 address lists',
    region: 'us-east-1',
    config: {
      sources: many(20, 'tasks', 64),
      ingress: {
        domain,
        firewall: {
          addresses: Object.fromEntries(
            Object.keys(many(20, 'tasks', 64)).map((name) => [name, ['192.0.2.0/24']]),
          ),
        },
      },
    },
  },
  { name: 'economy', config: { ...defaultConfig, economy: true } },
  { name: 'no archive', config: { ...defaultConfig, archive: false } },
  { name: 'no listing', config: { ...defaultConfig, listing: false } },
  { name: 'keys handed over, in SSM', config: { sources: { ...sources, ...handedOver } } },
  {
    name: 'keys handed over, in Secrets Manager',
    config: { sources: { ...sources, ...handedOver }, secrets: 'secrets-manager' },
  },
  {
    name: '150 sources, the most that have outputs of their own',
    config: { sources: many(150, 'tasks', 64) },
  },
  { name: '200 sources', config: { sources: many(200, 'tasks') } },
  {
    name: '200 sources in Secrets Manager',
    config: { sources: many(200, 'tasks'), secrets: 'secrets-manager' },
  },
  { name: '200 sources whose keys are handed over', config: { sources: many(200, 'asana') } },
  {
    name: '200 sources whose keys are handed over, in Secrets Manager, with the longest names',
    stage: 'a-stage-of-20-letter',
    config: { sources: many(200, 'asana', 64), secrets: 'secrets-manager' },
  },
];

/** @throws Error for a name that no variant has. */
export function variantOf(name: string): Variant {
  const variant = variants.find((it) => it.name === name);
  if (!variant) throw new Error(`no variant ${name}`);
  return variant;
}

const templates = new Map<Variant, StackTemplate>();

/** Its template, made once, and without the code of the functions: some tenths of a second. */
export function templateOf(variant: Variant): StackTemplate {
  const { config, stage, context } = variant;
  const template = templates.get(variant) ?? synthesize(config, stage, undefined, context);
  templates.set(variant, template);
  return template;
}
