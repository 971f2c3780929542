/** How the values of options are read, and what is said of them. */
import { InvalidArgumentError } from 'commander';

/** What `--help` ends with. */
export function examples(...lines: string[]): string {
  return `\nExamples:\n${lines.map((line) => `  ${line}`).join('\n')}`;
}

/** @throws InvalidArgumentError, which commander prints with the name of the option. */
export function positiveInteger(text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value > 0) return value;
  throw new InvalidArgumentError('Write a whole number from 1.');
}

/** @throws InvalidArgumentError, likewise. */
export function positiveNumber(text: string): number {
  const value = Number(text);
  if (value > 0 && Number.isFinite(value)) return value;
  throw new InvalidArgumentError('Write a number above 0.');
}

/** For an option that may be given several times. */
export function collect(value: string, previous: string[]): string[] {
  return [...previous, value];
}
