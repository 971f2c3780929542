import { type InletConfig, MAX_TIMEOUT_SECONDS, type SourceConfig } from '../functions/config/config.ts';
import { optionsOf } from '../functions/config/sources.ts';
import { ConfigurationError } from '../functions/core/errors.ts';
import { FORMAT } from '../functions/core/format.ts';
import { HEADER_NAME } from '../functions/pack/option-rules.ts';
import type { Provider } from '../functions/pack/provider.ts';
import { providers } from '../functions/providers/index.ts';
import { headerNames } from '../functions/verification/signature-header.ts';
import { credentialHeaders, schemeOf } from '../functions/verification/verify.ts';
import { uncoveredPaths } from './covered-paths.ts';
import { ingressProblems } from './ingress.ts';
import { toleranceProblems } from './tolerance.ts';

type Problems = string[];
type Check = (value: unknown) => string | undefined;

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const object: Check = (value) => (isObject(value) ? undefined : 'write an object');
const nonEmptyText: Check = (value) =>
  typeof value === 'string' && value !== '' ? undefined : 'write a text that is not empty';
const flag: Check = (value) => (typeof value === 'boolean' ? undefined : 'write true or false');
const wholeNumber =
  (least: number, most: number): Check =>
  (value) =>
    Number.isInteger(value) && Number(value) >= least && Number(value) <= most
      ? undefined
      : `write a whole number from ${least} to ${most}`;
const path: Check = (value) =>
  nonEmptyText(value) && 'write a path such as "header.x-event-id" or "payload.data.id"';

const isHeaderName = (value: unknown) =>
  typeof value === 'string' && HEADER_NAME.test(value) && !value.includes('*');

const origin =
  (form: RegExp, advice: string): Check =>
  (value) =>
    typeof value === 'string' && form.test(value) ? undefined : advice;

const topLevel: Readonly<Record<string, Check>> = {
  sources: object,
  publicUrl: origin(
    /^https?:\/\/[^/?#]+\/?$/,
    'write the origin that providers call, such as "https://hooks.example.com"',
  ),
  retentionDays: wholeNumber(15, 3650),
  archive: flag,
  listing: flag,
  economy: flag,
  tracing: flag,
  production: flag,
  ingress: object,
  console: flag,
  // The login leads back to nothing but https.
  consoleUrl: origin(
    /^https:\/\/[^/?#]+\/?$/,
    'write the origin where people open the console, such as "https://inlet.example.com"',
  ),
  // https://docs.aws.amazon.com/lambda/latest/api/API_ScalingConfig.html
  workerConcurrency: wholeNumber(2, 1000),
  secrets: (value) =>
    value === 'ssm' || value === 'secrets-manager'
      ? undefined
      : 'write "ssm" or "secrets-manager", where they lie; inlet secret sets the secrets themselves',
  storedFormat: (value) =>
    value === FORMAT || value === FORMAT - 1
      ? undefined
      : `write ${FORMAT - 1} while functions of the release before are running, or remove the key (docs/upgrade.md)`,
  errors: (value) => (value === 'full' || value === 'names' ? undefined : 'write "full" or "names"'),
  alarmEmail: (value) =>
    typeof value === 'string' && /^[^@\s]+@[^@\s]+$/.test(value) ? undefined : 'write an e-mail address',
};

const sourceKeys: Readonly<Record<keyof SourceConfig, Check>> = {
  provider: nonEmptyText,
  options: object,
  handler: nonEmptyText,
  keepState: flag,
  serial: flag,
  mode: (value) => (value === 'latest' || value === 'each' ? undefined : 'write "latest" or "each"'),
  tenants: (value) =>
    isObject(value) && Object.values(value).every((tenant) => isObject(tenant) && !nonEmptyText(tenant.name))
      ? undefined
      : 'write { "<owner id>": { "name": "…" } }',
  unsigned: flag,
  type: path,
  subject: path,
  revision: path,
  delivery: path,
  headers: (value) =>
    Array.isArray(value) && value.length <= 50 && value.every(isHeaderName)
      ? undefined
      : 'write a list of at most 50 names of headers, such as ["x-store-id"]',
  timeoutSeconds: wholeNumber(1, MAX_TIMEOUT_SECONDS),
  attempts: wholeNumber(1, 100),
};

/** Options that every pack understands. */
const commonOptions: Readonly<Record<string, Check>> = {
  toleranceSeconds: (value) =>
    typeof value === 'number' && value > 0 ? undefined : 'write a number of seconds above 0',
  unsigned: flag,
};

/**
 * Checks a configuration as it was loaded.
 * @param named handlers that a source may name. Default: any.
 * @throws ConfigurationError with every mistake at once, each with what to write instead.
 */
export function validateConfig(value: unknown, named?: readonly string[]): InletConfig {
  const problems: Problems = [];
  if (!isObject(value)) {
    throw new ConfigurationError([
      'The configuration is not an object: export default defineInlet({ sources: { … } }).',
    ]);
  }
  checkKeys(value, topLevel, '', problems);
  if (value.console === false && value.consoleUrl !== undefined)
    problems.push('consoleUrl: there is no console (console: false). Remove one of the two.');
  if (isObject(value.ingress)) problems.push(...ingressProblems(value.ingress, value.sources));
  if (isObject(value.sources)) {
    const sources = Object.entries(value.sources);
    if (sources.length === 0) problems.push('sources: is empty. Add at least one source.');
    for (const [name, source] of sources) checkSource(name, source, problems, named);
  } else if (value.sources === undefined) {
    problems.push('sources: is missing. Write { sources: { <name>: { provider: "…" } } }.');
  }
  if (problems.length === 0) problems.push(...toleranceProblems(value as unknown as InletConfig));
  if (problems.length > 0) throw new ConfigurationError(problems);
  return value as unknown as InletConfig;
}

function checkKeys(
  value: Record<string, unknown>,
  checks: Readonly<Record<string, Check>>,
  at: string,
  problems: Problems,
): void {
  for (const [key, item] of Object.entries(value)) {
    if (item === undefined) continue;
    const check = Object.hasOwn(checks, key) ? checks[key] : undefined;
    if (!check) problems.push(`${at}${key}: is not known here. Known: ${Object.keys(checks).join(', ')}.`);
    else {
      const advice = check(item);
      if (advice) problems.push(`${at}${key}: ${advice}.`);
    }
  }
}

function checkSource(
  name: string,
  source: unknown,
  problems: Problems,
  named: readonly string[] | undefined,
): void {
  const at = `sources.${name}`;
  if (!/^[a-z0-9]([a-z0-9-]{0,62}[a-z0-9])?$/.test(name)) {
    problems.push(
      `${at}: write the name in lower case letters, digits and hyphens, as it stands in the URL.`,
    );
  }
  if (!isObject(source)) {
    problems.push(`${at}: write an object such as { provider: "dotdigital" }.`);
    return;
  }
  checkKeys(source, sourceKeys, `${at}.`, problems);
  const known = Object.keys(providers).sort().join(', ');
  if (source.provider === undefined) problems.push(`${at}.provider: is missing. Write one of: ${known}.`);
  if (named !== undefined && typeof source.handler === 'string' && !named.includes(source.handler)) {
    const others = named.length > 0 ? ` or one of: ${named.join(', ')}` : '';
    problems.push(
      `${at}.handler: there is no "${source.handler}". Write a function, on({ … })${others}; or add it to handlers.`,
    );
  }
  for (const key of ['keepState', 'serial'])
    if (source[key] === true && source.handler === undefined)
      problems.push(`${at}.${key}: is about what a handler does. Name one, or remove this key.`);
  if (typeof source.provider !== 'string') return;
  const provider = Object.hasOwn(providers, source.provider) ? providers[source.provider] : undefined;
  if (!provider)
    problems.push(`${at}.provider: there is no pack "${source.provider}". Write one of: ${known}.`);
  else checkAgainstPack(at, source, provider, problems);
}

function checkAgainstPack(
  at: string,
  source: Record<string, unknown>,
  pack: Provider,
  problems: Problems,
): void {
  const before = problems.length;
  const options = isObject(source.options) ? source.options : {};
  const checks: Record<string, Check> = { ...commonOptions };
  for (const [name, rule] of Object.entries(pack.options ?? {})) {
    checks[name] = (value) => rule.check?.(value, options);
    if (rule.required && options[name] === undefined) {
      problems.push(`${at}.options.${name}: is missing. ${rule.description}`);
    }
  }
  checkKeys(options, checks, `${at}.options.`, problems);
  if ((source.unsigned === true || options.unsigned === true) && !pack.mayBeUnsigned) {
    problems.push(`${at}.unsigned: ${pack.title} proves its requests, so remove this key.`);
  }
  if (problems.length === before) checkCovered(at, source, pack, problems);
  const { subject = pack.events.subject, revision = pack.events.revision } = source;
  const needs = [...(subject ? [] : ['subject']), ...(revision ? [] : ['revision'])];
  if (source.mode === 'latest' && needs.length > 0)
    problems.push(
      `${at}.mode: ${pack.title} says nothing by which the newest is known. Write ${needs.join(' and ')} as paths, or mode "each".`,
    );
  checkHeaders(at, source.headers, pack, options, problems);
}

/** Under these names go credentials, whatever the source. */
const CREDENTIALS = ['authorization', 'proxy-authorization', 'cookie'];

function checkHeaders(
  at: string,
  headers: unknown,
  pack: Provider,
  options: Record<string, unknown>,
  problems: Problems,
): void {
  // The proof of a generic pack is in its options.
  if (!Array.isArray(headers) || problems.length > 0) return;
  const proof = [...CREDENTIALS, ...credentialHeaders(schemeOf(pack, options))];
  for (const name of headers as readonly string[])
    if (proof.some((credential) => headerNames({ [name.toLowerCase()]: '' }, credential).length > 0))
      problems.push(`${at}.headers: "${name}" carries a credential, which is never kept. Remove it.`);
}

function checkCovered(at: string, source: Record<string, unknown>, pack: Provider, problems: Problems): void {
  for (const [key, path] of uncoveredPaths(source, pack, optionsOf(source as unknown as SourceConfig))) {
    problems.push(
      `${at}.${key}: nothing that proves a request of ${pack.title} covers ${path}, so whoever has captured one could write what they like there, and reorder events. Name what is signed (docs/providers.md), or remove this key.`,
    );
  }
  if (source.tenants !== undefined && pack.events.tenant === undefined) {
    problems.push(
      `${at}.tenants: nothing that ${pack.title} signs names an owner, so no tenant could be told. Remove this key.`,
    );
  }
}
