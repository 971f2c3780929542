/** The rules between a source and its pack. */
import { z } from 'zod';
import { optionsOf } from '../functions/config/sources.ts';
import { isObject } from '../functions/core/is-object.ts';
import type { OptionRule, Provider } from '../functions/pack/provider.ts';
import type { ProviderOptions } from '../functions/pack/request.ts';
import { headerNames } from '../functions/verification/signature-header.ts';
import { credentialHeaders, schemeOf } from '../functions/verification/verify.ts';
import { uncoveredPaths } from './covered-paths.ts';
import { problemsOf } from './problems.ts';
import { flag, strict } from './rules.ts';

/** A source as it was loaded: its keys may be of any form, so that no mistake in one hides another. */
type Unchecked = Readonly<Record<string, unknown>>;

/** What is wrong with a source of this pack, each with what to write instead. @param name of the source. */
export function problemsWithPack(name: string, source: Unchecked, pack: Provider): readonly string[] {
  const at = `sources.${name}`;
  const options = isObject(source.options) ? source.options : {};
  const ofOptions = [
    ...problemsOf(optionsSchema(pack, options).safeParse(options).error, ['sources', name, 'options']),
    ...((source.unsigned === true || options.unsigned === true) && !pack.mayBeUnsigned
      ? [`${at}.unsigned: ${pack.title} proves its requests, so remove this key.`]
      : []),
  ];
  // How the pack proves a request, its options may say: what that covers is known once they are right.
  const ofProof = () => [
    ...coverageProblems(at, source, pack, withUnsigned(source, options)),
    ...headerProblems(at, source, pack, options),
  ];
  return [
    ...ofOptions,
    ...tenantProblems(at, source, pack),
    ...modeProblems(at, source, pack),
    ...(ofOptions.length === 0 ? ofProof() : []),
  ];
}

/** The options as the pack sees them. */
function withUnsigned({ unsigned }: Unchecked, options: ProviderOptions): ProviderOptions {
  return typeof unsigned === 'boolean' ? optionsOf({ provider: '', options, unsigned }) : options;
}

/** The options that every pack understands, and its own. */
function optionsSchema({ options: rules = {} }: Provider, given: ProviderOptions) {
  const own = Object.entries(rules).map(([name, rule]) => [name, optionSchema(rule, given)] as const);
  return strict({
    toleranceSeconds: z.number(SECONDS).positive(SECONDS).optional(),
    unsigned: flag.optional(),
    ...Object.fromEntries(own),
  });
}

const SECONDS = 'write a number of seconds above 0';

/** The rules of packs are functions of their own: packs are bundled, and zod is not. */
function optionSchema({ required = false, description, check }: OptionRule, given: ProviderOptions) {
  const schema = z.unknown().superRefine((value, context) => {
    const advice = value === undefined ? `is missing. ${description}` : check?.(value, given);
    if (advice !== undefined) context.addIssue(advice);
  });
  return required ? schema : schema.optional();
}

function coverageProblems(
  at: string,
  source: Unchecked,
  pack: Provider,
  options: ProviderOptions,
): readonly string[] {
  return uncoveredPaths(source, pack, options).map(
    ([key, path]) =>
      `${at}.${key}: nothing that proves a request of ${pack.title} covers ${path}, so whoever has captured one could write what they like there, and reorder events. Name what is signed (docs/providers.md), or remove this key.`,
  );
}

function tenantProblems(at: string, source: Unchecked, pack: Provider): readonly string[] {
  return source.tenants !== undefined && pack.events.tenant === undefined
    ? [
        `${at}.tenants: nothing that ${pack.title} signs names an owner, so no tenant could be told. Remove this key.`,
      ]
    : [];
}

function modeProblems(at: string, source: Unchecked, pack: Provider): readonly string[] {
  const { subject = pack.events.subject, revision = pack.events.revision } = source;
  const needs = [...(subject ? [] : ['subject']), ...(revision ? [] : ['revision'])];
  return source.mode === 'latest' && needs.length > 0
    ? [
        `${at}.mode: ${pack.title} says nothing by which the newest is known. Write ${needs.join(' and ')} as paths, or mode "each".`,
      ]
    : [];
}

/** Under these names go credentials, whatever the source. */
const CREDENTIALS = ['authorization', 'proxy-authorization', 'cookie'];

function headerProblems(
  at: string,
  source: Unchecked,
  pack: Provider,
  options: ProviderOptions,
): readonly string[] {
  const proof = [...CREDENTIALS, ...credentialHeaders(schemeOf(pack, options))];
  const names = Array.isArray(source.headers) ? source.headers : [];
  return names
    .filter((name): name is string => typeof name === 'string')
    .filter((name) =>
      proof.some((credential) => headerNames({ [name.toLowerCase()]: '' }, credential).length > 0),
    )
    .map((name) => `${at}.headers: "${name}" carries a credential, which is never kept. Remove it.`);
}
