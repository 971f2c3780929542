/** The schemas say what the interfaces say, and name every mistake at once. */
import { expect, test } from '@jest/globals';
import type { z } from 'zod';
import type { configSchema } from '../../../config/schema.ts';
import { validateConfig } from '../../../config/validate.ts';
import type { IngressConfig, InletConfig, SourceConfig } from '../../../functions/config/config.ts';
import { ConfigurationError } from '../../../functions/core/errors.ts';

/** Does not compile where a schema refuses a form that its interface has. That it takes no other, `RulesOf` holds. */
const asInput = (config: InletConfig): z.input<typeof configSchema> => config;

function problemsIn(value: unknown, named?: readonly string[]): readonly string[] {
  try {
    validateConfig(value, named);
    return [];
  } catch (error) {
    if (error instanceof ConfigurationError) return error.problems;
    throw error;
  }
}

test('every key of the interfaces is taken, and left as it is', () => {
  const domain = {
    name: 'hooks.example.com',
    certificateArn: 'arn:aws:acm:us-east-1:000000000000:certificate/1-2-3',
  };
  const ingress: Required<Omit<IngressConfig, 'firewall'>> = {
    via: 'http-api',
    domain,
    defaultEndpoint: true,
    requestsPerSecond: 10_000,
    concurrency: 1,
  };
  const shop: Required<SourceConfig> = {
    provider: 'hmac',
    options: { header: 'x-signature', toleranceSeconds: 60 },
    handler: 'own',
    mode: 'latest',
    keepState: true,
    serial: false,
    tenants: {},
    unsigned: false,
    type: 'payload.type',
    subject: 'payload.id',
    revision: 'payload.n',
    delivery: 'header.x-id',
    headers: ['x-store-id'],
    timeoutSeconds: 850,
    attempts: 1,
  };
  const { tenants: _, ...ofOneOwner } = shop;
  const config: Required<InletConfig> = {
    sources: { shop: ofOneOwner, fortellis: { provider: 'stripe', tenants: { a: { name: 'A' } } } },
    publicUrl: 'https://hooks.example.com/',
    retentionDays: 15,
    archive: false,
    listing: false,
    economy: true,
    tracing: true,
    production: true,
    ingress,
    console: true,
    consoleUrl: 'https://inlet.example.com',
    workerConcurrency: 1000,
    secrets: 'secrets-manager',
    storedFormat: 1,
    errors: 'names',
    alarmEmail: 'ops@example.com',
  };
  expect(validateConfig(asInput(config))).toEqual(config);
  const firewall: Required<IngressConfig>['firewall'] = {
    requestsPerAddress: 10,
    addresses: { shop: ['192.0.2.0/24'] },
    secret: 2,
  };
  const behind = { ...config, ingress: { domain, firewall } };
  expect(validateConfig(behind)).toEqual(behind);
});

test('every mistake is named at once, whatever else is wrong', () => {
  const problems = problemsIn(
    {
      archive: 'yes',
      console: false,
      consoleUrl: 'https://inlet.example.com',
      ingress: {
        via: 'function-url',
        domain: { name: 'hooks', certificateArn: 'arn:aws:acm:eu-west-1:000000000000:certificate/1' },
        firewall: { requestsPerAddress: 1, addresses: { nobody: ['192.0.2.0/24'], shop: ['all', 'none'] } },
        concurrency: 2.5,
      },
      sources: {
        shop: { provider: 'stripe', mode: 'latest', serial: true, attempts: 0, options: { tolerance: 5 } },
        hmac: { provider: 'hmac', handler: 'nobody', headers: ['x ', 'Cookie'], subject: 7 },
        'Not a name': { provider: 'github', headers: ['cookie'] },
        none: null,
      },
    },
    ['own'],
  );
  expect(problems.map((problem) => problem.slice(0, 90))).toEqual(
    [
      /^sources\.shop\.attempts: write a whole number from 1 to 100\.$/,
      /^sources\.shop\.serial: is about what a handler does/,
      /^sources\.hmac\.subject: write a path/,
      /^sources\.hmac\.headers: write a list of at most 50 names/,
      /^sources\.none: write an object such as/,
      /^archive: write true or false\.$/,
      /^ingress\.domain\.name: write a host name/,
      /^ingress\.firewall\.requestsPerAddress: write a whole number from 10\.$/,
      /^ingress\.firewall\.addresses\.shop: write IPv4 ranges/,
      /^ingress\.concurrency: write a whole number from 1 to 10000/,
      /^ingress\.domain: a function URL has none/,
      /^ingress\.firewall: a function URL has none/,
      /^ingress\.domain\.certificateArn: CloudFront takes certificates of us-east-1 only\.$/,
      /^consoleUrl: there is no console/,
      /^ingress\.firewall\.addresses\.nobody: is no source\.$/,
      /^sources\.shop\.options\.tolerance: is not known here/,
      /^sources\.shop\.mode: Stripe says nothing/,
      /^sources\.hmac\.handler: there is no "nobody"/,
      /^sources\.hmac\.options\.header: is missing\. Header with the signature\.$/,
      /^sources\.Not a name: write the name in lower case/,
      /^sources\.Not a name\.headers: "cookie" carries a credential/,
    ].map((form) => expect.stringMatching(form)),
  );
});

test.each<[string, unknown, string]>([
  [
    'of the configuration',
    { surces: {} },
    'surces: is not known here, did you mean sources? Known: sources,',
  ],
  [
    'of a source',
    { sources: { shop: { providr: 'tasks' } } },
    'sources.shop.providr: is not known here, did you mean provider? Known: provider, options,',
  ],
  [
    'of options',
    { sources: { shop: { provider: 'hmac', options: { hedaer: 'x' } } } },
    'sources.shop.options.hedaer: is not known here, did you mean header? Known: toleranceSeconds,',
  ],
  [
    'of ingress',
    { ingress: { concurency: 5 } },
    'ingress.concurency: is not known here, did you mean concurrency? Known: via,',
  ],
  [
    'of a domain',
    { ingress: { domain: { certificateARN: 'x' } } },
    'ingress.domain.certificateARN: is not known here, did you mean certificateArn? Known: name,',
  ],
  [
    'of a firewall',
    { ingress: { firewall: { adresses: {} } } },
    'ingress.firewall.adresses: is not known here, did you mean addresses? Known: requestsPerAddress,',
  ],
  [
    'of a tenant',
    { sources: { shop: { provider: 'stripe', tenants: { a: { nam: 'A' } } } } },
    'sources.shop.tenants.a.nam: is not known here, did you mean name? Known: name.',
  ],
  [
    'of a provider',
    { sources: { shop: { provider: 'stirpe' } } },
    'sources.shop.provider: there is no pack "stirpe", did you mean stripe? Write one of: ',
  ],
  [
    'of a handler',
    { sources: { shop: { provider: 'stripe', handler: 'biling' } } },
    'sources.shop.handler: there is no "biling", did you mean billing? Write a function,',
  ],
])('a slip of the pen in a name %s: the one that was meant is named', (_, value, message) => {
  expect(problemsIn(value, ['billing'])).toContainEqual(expect.stringContaining(message));
});

test('a name that is like no other is refused with the known ones', () => {
  expect(problemsIn({ sources: { shop: { provider: 'tasks', colour: 'red' } } })).toEqual([
    expect.stringMatching(/^sources\.shop\.colour: is not known here\. Known: provider, .*attempts\.$/),
  ]);
});

test.each([7, '', null, {}, ['billing']])('%j is neither the name of a handler nor a function', (handler) => {
  expect(problemsIn({ sources: { shop: { provider: 'tasks', handler } } }, ['billing'])).toEqual([
    expect.stringMatching(/^sources\.shop\.handler: is neither a name nor a function\. Write on\(/),
  ]);
});

test('no name reaches into a prototype', () => {
  const sources = JSON.parse('{"__proto__":{"provider":"tasks"},"a":{"provider":"constructor"}}') as unknown;
  expect(problemsIn({ sources, ...JSON.parse('{"__proto__x":1}') })).toEqual([
    expect.stringMatching(/^sources\.a\.provider: there is no pack "constructor"/),
    expect.stringMatching(/^__proto__x: is not known here/),
    expect.stringMatching(/^sources\.__proto__: write the name in lower case/),
  ]);
});
