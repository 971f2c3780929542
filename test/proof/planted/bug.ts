import { readFileSync } from 'node:fs';

/** A small fault in the code, and who must notice it. */
export interface Bug {
  /** Says what is wrong. */
  readonly name: string;
  /** From the root of the repository. */
  readonly file: string;
  /** The text that is replaced: there exactly once, so that no entry can rot. */
  readonly find: string;
  readonly replace: string;
  /** The test files that notice it; one is enough. None: it is equivalent. */
  readonly by: readonly string[];
  /** When it was planted for the first time, no test noticed it, or but one: it is planted with every run of the tests. */
  readonly watched?: true;
  /** Why nobody can notice it. */
  readonly equivalent?: string;
}

const ROOT = new URL('../../../', import.meta.url);

/** The file with the bug in it. @throws when the text to replace is not there exactly once. */
export function plantedText({ name, file, find, replace }: Bug): string {
  const parts = readFileSync(new URL(file, ROOT), 'utf8').split(find);
  if (parts.length !== 2) {
    throw new Error(`"${name}": its text is ${parts.length - 1} times in ${file}; it must be there once`);
  }
  return parts.join(replace);
}
