/** Rules for the options of packs: each says what to write instead. */
import type { OptionRule } from './provider.ts';

type Extra = Pick<OptionRule, 'required' | 'example'>;

export const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';

/** One of a few words. */
export function choice(description: string, words: readonly string[], extra: Extra = {}): OptionRule {
  const advice = `write one of: ${words.map((word) => `"${word}"`).join(', ')}`;
  return {
    description,
    ...extra,
    check: (value) => (typeof value === 'string' && words.includes(value) ? undefined : advice),
  };
}

/** Text of any form, or of one. */
export function textOption(
  description: string,
  extra: Extra & { readonly pattern?: RegExp; readonly advice?: string } = {},
): OptionRule {
  const { pattern = /./s, advice = 'write a text that is not empty', ...rest } = extra;
  return {
    description,
    ...rest,
    check: (value) => (typeof value === 'string' && pattern.test(value) ? undefined : advice),
  };
}

/** The name of a request header. */
export function headerOption(description: string, extra: Extra = {}): OptionRule {
  const advice = 'write the name of a header, such as "x-webhook-secret"';
  return textOption(description, { ...extra, pattern: HEADER_NAME, advice });
}

/** Names of headers (RFC 9110, section 5.1). */
export const HEADER_NAME = /^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}$/;

/** A header's name as requests carry it, or what stands in for it. */
export function headerName(value: unknown, otherwise: string): string {
  return isText(value) ? value.toLowerCase() : otherwise;
}
