/** Options of the pack `hmac`: what each may be, and how the engine takes it. */
import { isObject } from '../core/is-object.ts';
import { choice, HEADER_NAME, headerOption, isText, textOption } from '../pack/option-rules.ts';
import type { OptionRule } from '../pack/provider.ts';
import type { ProviderOptions } from '../pack/request.ts';
import type { SignatureForm, TimestampRule } from '../pack/scheme.ts';
import { parseTemplate } from '../verification/signed-content.ts';

export const words = {
  algorithm: ['sha256', 'sha1', 'sha512'],
  encoding: ['hex', 'base64', 'base64url'],
  key: ['utf8', 'hex', 'base64'],
  unit: ['seconds', 'milliseconds', 'rfc3339'],
} as const;

export const one = <Word extends string>(value: unknown, known: readonly [Word, ...Word[]]): Word =>
  known.find((word) => word === value) ?? known[0];

export const templateOf = (options: ProviderOptions) => (isText(options.signed) ? options.signed : '{body}');

function namesIn(template: string): readonly string[] {
  return parseTemplate(template).flatMap((part) => ('value' in part ? [part.value] : []));
}

/** A form as the engine takes it, or what is wrong with it. */
export function readForm(value: unknown): SignatureForm | string {
  const advice =
    'write { kind: "prefix", prefix }, { kind: "pairs", separator: "," or ";", key }, { kind: "list", version }, { kind: "positional", separator: ",", first } or { kind: "bare" }';
  if (!isObject(value)) return advice;
  const { kind, prefix, separator, key, version, first } = value;
  if (kind === 'bare') return { kind };
  if (kind === 'prefix' && isText(prefix)) return { kind, prefix, ...(separator === ',' && { separator }) };
  if (kind === 'pairs' && (separator === ',' || separator === ';') && isText(key))
    return { kind, separator, key };
  if (kind === 'list' && isText(version)) return { kind, version };
  if (kind === 'positional' && separator === ',' && Number.isSafeInteger(first) && Number(first) >= 0)
    return { kind, separator, first: Number(first) };
  return advice;
}

/** A timestamp rule as the engine takes it, or what is wrong with it. */
export function readTimestamp(value: unknown, options: ProviderOptions): TimestampRule | string {
  const advice =
    'write { header: "…" } or { pair: "…" } or { position: 0 } or { body: "…" }, with unit: "seconds", "milliseconds" or "rfc3339", and toleranceSeconds above 0 (default 300)';
  if (!isObject(value)) return advice;
  const { header, pair, position, body, unit = 'seconds', toleranceSeconds = 300 } = value;
  const from =
    isText(header) && HEADER_NAME.test(header)
      ? { header: header.toLowerCase() }
      : isText(pair)
        ? { pair }
        : Number.isSafeInteger(position) && Number(position) >= 0
          ? { position: Number(position) }
          : isText(body)
            ? { body }
            : undefined;
  const known = words.unit.find((word) => word === unit);
  if (!from || !known || typeof toleranceSeconds !== 'number' || !(toleranceSeconds > 0)) return advice;
  const names = namesIn(templateOf(options));
  const isSigned = 'body' in from ? names.includes('body') : names.includes('timestamp');
  if (!isSigned) return 'the time has to be signed: put {timestamp} into `signed`, else it proves nothing';
  return { from, unit: known, toleranceSeconds };
}

function checkTemplate(value: unknown, options: ProviderOptions): string | undefined {
  const known = /^(body|timestamp|method|url|header\.[a-z0-9-]+)$/;
  const advice =
    'write text with {body} and, where they are signed, {timestamp}, {method}, {url}, {header.<name>}';
  if (!isText(value)) return advice;
  const names = namesIn(value);
  if (!names.every((name) => known.test(name)) || /[{}]/.test(value.replace(/\{[^{}]*\}/g, '')))
    return advice;
  if (!names.includes('body')) return 'the body has to be signed: put {body} into it';
  return names.includes('timestamp') && options.timestamp === undefined
    ? 'it contains {timestamp}, so say in `timestamp` where the time stands'
    : undefined;
}

const problemIn = (read: unknown) => (typeof read === 'string' ? read : undefined);

/** Every one with what to write instead. */
export const hmacOptions: Readonly<Record<string, OptionRule>> = {
  header: headerOption('Header with the signature.', { required: true, example: 'x-signature' }),
  algorithm: choice('Hash of the HMAC. Default: sha256.', words.algorithm),
  encoding: choice('How the signature is written. Default: hex.', words.encoding),
  key: choice('How the text of the secret becomes the key. Default: utf8, the text itself.', words.key),
  prefix: textOption('What stands before the signature, such as "sha256=".'),
  form: {
    description: 'Form of the header where a prefix does not say enough. Default: the signature alone.',
    check: (value, { prefix }) =>
      prefix === undefined ? problemIn(readForm(value)) : 'write either `prefix` or `form`, not both',
  },
  signed: {
    description: 'What is signed. Default: {body}. Also {timestamp}, {method}, {url}, {header.<name>}.',
    check: checkTemplate,
  },
  timestamp: {
    description: 'Where the signed time stands, its unit, and how old it may be.',
    check: (value, given) => problemIn(readTimestamp(value, given)),
  },
};
