import { readFile } from 'node:fs/promises';
import type { Plugin } from 'esbuild';

/** The classes of errors of the SDK that functions tell apart by `instanceof`. */
export const CAUGHT_ERRORS = ['ConditionalCheckFailedException'];

/** An error's schema and its registration, one below the other. */
const ERROR = /^export var \w+\$ = \[-3,[^;]*\];\nn\d+_registry\.registerError\(\w+\$, (\w+)\);$/gm;

/**
 * Each client registers a class for every error of its service, also for those of operations that nobody calls, and
 * so keeps them all in the bundle. Only the ones that functions catch are registered here. Any other error is still
 * thrown, with its name and message, as the service's base class; retries go by name and status. Saves 22 KB.
 *
 * Proof: test/unit/bundle/ingest.test.ts is throttled and tries again; test/unit/bundle/contents.test.ts compares the list
 * with the code.
 */
export const caughtErrorsOnly: Plugin = {
  name: 'caught-errors-only',
  setup(build) {
    build.onLoad({ filter: /client-(dynamodb|sqs)\/dist-es\/schemas\/schemas_0\.js$/ }, async ({ path }) => {
      const source = await readFile(path, 'utf8');
      const contents = source.replace(ERROR, (text, name) => (CAUGHT_ERRORS.includes(name) ? text : ''));
      if (contents === source)
        throw new Error(`${path} registers its errors in another way: see caught-errors.ts`);
      return { contents };
    });
  },
};
