/** The rules of which the schemas of the configuration are made. Each says what to write instead, without a full stop. */
import { z } from 'zod';
import { isObject } from '../functions/core/is-object.ts';

/**
 * A rule for each key of an interface and for no other, which lets through nothing but what the interface has: a schema that
 * `satisfies` it cannot drift from the interface. That it lets through all of that, test/unit/config/schema.test.ts holds.
 */
export type RulesOf<Config> = { readonly [Key in keyof Config]-?: z.ZodType<Config[Key]> };

/**
 * An object of known keys. zod reports all unknown ones in one issue, whose message lists the known ones here: `problems.ts`
 * makes a sentence for each.
 */
export function strict<Shape extends z.ZodRawShape>(shape: Shape, advice = 'write an object') {
  return z.strictObject(shape, {
    error: ({ code }) => (code === 'unrecognized_keys' ? Object.keys(shape).join(', ') : advice),
  });
}

/** Lets a rule be asked of an object in which something else is wrong, so that no mistake hides another. */
export const ofAnyObject = ({ value }: { readonly value: unknown }) => isObject(value);

/** A rule between the keys of an object. @param path of the key to change, with dots. */
export function between(path: string, advice: string) {
  return { path: path.split('.'), error: advice, when: ofAnyObject };
}

export const flag = z.boolean('write true or false');

export const text = z.string('write a text that is not empty').min(1, 'write a text that is not empty');

/** Text of one form. */
export const textLike = (form: RegExp, advice: string) => z.string(advice).regex(form, advice);

/** A number without a fraction, within bounds. */
export function wholeNumber(
  least: number,
  most: number,
  advice = `write a whole number from ${least} to ${most}`,
) {
  return z
    .number(advice)
    .refine((value) => Number.isInteger(value) && value >= least && value <= most, advice);
}
