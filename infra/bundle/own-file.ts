import { extname, resolve } from 'node:path';

/** Where `functions/` is: the repository, or what the package has of it. */
export const ROOT = resolve(import.meta.dirname, '../..');

/** Of Inlet's own files: `.ts` in the repository, `.js` in the package, whose files Node strips no types of. */
const EXTENSION = extname(import.meta.filename);

/** An own file by its name without an extension, from `ROOT`. */
export function ownFile(name: string): string {
  return resolve(ROOT, `${name}${EXTENSION}`);
}
